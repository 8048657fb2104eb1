import { buildRule } from './build-rule.ts';

/** A rule made to harm: as it is written, and the refusal it gets. */
export interface HostileRule {
  name: string;
  /** Made when asked for: some are of 10 MB. */
  write: () => unknown;
  path: string;
  message: RegExp;
}

const TOO_LARGE = /at most 131,072 bytes; make several rules/;
const NO_PROTO = /no event has a field __proto__; name the field/;

const fields = (count: number, entry: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, [entry]]));
const payload = (entry: unknown) => ({ payload: { n: [entry] } });
const nested = (levels: number, leaf: unknown, key: string): unknown =>
  Array.from({ length: levels }).reduce((below) => ({ [key]: below }), leaf);
const alternatives = (count: number, key: string) =>
  Array.from({ length: count }, (_, n) => ({ [key]: [n] }));
const ors = (levels: number): unknown =>
  Array.from({ length: levels }).reduce((below) => ({ $or: [below, { type: ['y'] }] }), {
    type: ['x'],
  });
/** JSON as it comes over the wire: with numbers and keys that no object literal has. */
const wire = (text: string) => JSON.parse(text) as unknown;

type Row = readonly [name: string, change: () => object, path: string, message: RegExp];

const pattern = (name: string, make: () => unknown, path: string, message: RegExp): Row => [
  name,
  () => ({ pattern: make() }),
  path,
  message,
];

const SIZES: readonly Row[] = [
  ['10 MB of name', () => ({ name: 'x'.repeat(1e7) }), 'name', TOO_LARGE],
  ['10 MB of title', () => ({ title: '{payload.a}'.repeat(1e6) }), 'title', TOO_LARGE],
  ['10 MB of label', () => ({ labels: { a: 'x'.repeat(1e7) } }), 'labels', TOO_LARGE],
  pattern('10 MB of pattern', () => payload('x'.repeat(1e7)), 'pattern', TOO_LARGE),
  pattern(
    '10,000 conditions',
    () => ({ payload: fields(10_000, { prefix: 'x' }) }),
    'pattern',
    TOO_LARGE,
  ),
  pattern(
    '5,000 short conditions',
    () => ({ payload: fields(5_000, 1) }),
    'pattern',
    /at most 16384 characters; make several rules/,
  ),
  ['100,001 groups', () => ({ group_by: Array(100_001).fill('payload.a') }), 'group_by', TOO_LARGE],
  ['6 groups', () => ({ group_by: Array(6).fill('payload.a') }), 'group_by', /<=5 items/],
  [
    '10,000 tests',
    () => ({ tests: Array.from({ length: 10_000 }, () => ({ name: 'a test' })) }),
    'tests',
    TOO_LARGE,
  ],
  pattern('100,001 values', () => ({ type: Array(100_001).fill('x') }), 'pattern', TOO_LARGE),
  pattern(
    '100,001 alternatives',
    () => ({ $or: alternatives(100_001, 'type') }),
    'pattern',
    TOO_LARGE,
  ),
  pattern(
    '1,001 alternatives',
    () => ({ payload: { $or: alternatives(1_001, 'a') } }),
    'pattern.payload.$or',
    /more than 1000 combinations of alternatives; make several rules/,
  ),
  pattern(
    '11 × 10 × 10 alternatives',
    () => ({
      payload: {
        x: { $or: alternatives(11, 'a') },
        y: { $or: alternatives(10, 'b') },
        z: { $or: alternatives(10, 'c') },
      },
    }),
    'pattern.payload.z.$or',
    /more than 1000 combinations/,
  ),
  pattern(
    '1,000 combinations of 21 fields',
    () => ({ payload: { ...fields(21, 1), $or: alternatives(1_000, 'a') } }),
    'pattern.payload.$or',
    /more than 20000 fields over all combinations/,
  ),
];

const DEPTHS: readonly Row[] = [
  pattern(
    'depth 9',
    () => nested(9, ['x'], 'payload'),
    `pattern${'.payload'.repeat(9)}`,
    /write the path with dots/,
  ),
  pattern(
    '100 levels of pattern',
    () => nested(100, ['x'], 'a'),
    'pattern',
    /nests deeper than 48/,
  ),
  pattern(
    '100,000 levels',
    () => nested(100_000, ['x'], 'a'),
    'pattern',
    /deeper than 48; flatten/,
  ),
  ['100,000 levels of label', () => ({ labels: nested(1e5, 1, 'a') }), 'labels', /flatten it/],
  pattern(
    '$or in $or, 9 levels',
    () => ors(9),
    `pattern${'.$or[0]'.repeat(9)}`,
    /\$or nests deeper than 8; write its alternatives side by side/,
  ),
  pattern(
    'a path of 17 segments',
    () => ({ [`payload${'.a'.repeat(16)}`]: ['x'] }),
    `pattern.payload${'.a'.repeat(16)}`,
    /at most 16 segments/,
  ),
];

const KEYS: readonly Row[] = [
  pattern(
    '__proto__ as a field',
    () => wire('{"type":["x"],"__proto__":{"polluted":[1]}}'),
    'pattern',
    NO_PROTO,
  ),
  pattern(
    '__proto__ below a field',
    () => wire('{"payload":{"__proto__":{"polluted":[1]}}}'),
    'pattern.payload.__proto__.polluted',
    NO_PROTO,
  ),
  pattern(
    '__proto__ in a dotted field',
    () => ({ 'payload.__proto__.polluted': [1] }),
    'pattern.payload.__proto__.polluted',
    NO_PROTO,
  ),
  pattern(
    'constructor as a field',
    () => ({ constructor: ['x'] }),
    'pattern.constructor',
    /payload/,
  ),
  pattern('prototype as a field', () => ({ prototype: ['x'] }), 'pattern.prototype', /payload/),
  ['__proto__ in group_by', () => ({ group_by: ['payload.__proto__'] }), 'group_by[0]', NO_PROTO],
  ['constructor in group_by', () => ({ group_by: ['constructor.name'] }), 'group_by[0]', /payload/],
  ['__proto__ in the title', () => ({ title: '{payload.__proto__.x}' }), 'title', NO_PROTO],
  [
    '__proto__ as the value of a threshold',
    () => ({ detector: { ...threshold(60), field: 'payload.__proto__' } }),
    'detector.field',
    NO_PROTO,
  ],
];

const threshold = (window_seconds: unknown) => ({
  kind: 'threshold',
  aggregate: 'sum',
  field: 'payload.n',
  window_seconds,
  threshold: 1,
});

const NUMBERS: readonly Row[] = [
  [
    'a window of 31 years',
    () => ({ detector: threshold(1e9) }),
    'detector.window_seconds',
    /604800/,
  ],
  [
    'a window of 1e400',
    () => ({ detector: threshold(wire('1e400')) }),
    'detector.window_seconds',
    /./,
  ],
  ['a window of −1', () => ({ detector: threshold(-1) }), 'detector.window_seconds', />=1/],
  [
    'a window of NaN',
    () => ({ detector: threshold(Number.NaN) }),
    'detector.window_seconds',
    /NaN/,
  ],
  [
    'a threshold of 1e400',
    () => ({ detector: { ...threshold(60), threshold: wire('1e400') } }),
    'detector.threshold',
    /number/,
  ],
  pattern(
    'a value of 1e400',
    () => payload(wire('1e400')),
    'pattern.payload.n[0]',
    /must be finite/,
  ),
  pattern('a value of NaN', () => payload(Number.NaN), 'pattern.payload.n[0]', /must be finite/),
  pattern(
    'a bound of 1e400',
    () => payload({ numeric: ['>', wire('1e400')] }),
    'pattern.payload.n[0]',
    /value of > must be a number/,
  ),
  pattern(
    'a bound of NaN',
    () => payload({ numeric: ['=', Number.NaN] }),
    'pattern.payload.n[0]',
    /value of = must be a number/,
  ),
  pattern(
    'a bound of 1e300',
    () => payload({ numeric: ['<', 1e300] }),
    'pattern.payload.n[0]',
    /between -5000000000 and 5000000000/,
  ),
];

const TEXTS: readonly Row[] = (
  [
    ['wildcards side by side', { wildcard: '*a**b' }, /consecutive wildcard/],
    ['a block of 33 bits', { cidr: '10.0.0.0/33' }, /mask bits must be < 32/],
    ['a block that is no address', { cidr: '999.1.1.1/8' }, /not an IPv4 or IPv6 address/],
    ['a block without bits', { cidr: '10.0.0.0' }, /exactly one '\/', e\.g\. 10\.0\.0\.0\/24/],
    ['a block of 10,000 digits', { cidr: `${'1'.repeat(10_000)}/8` }, /not an IPv4/],
    ['a regex with look-ahead', { regex: '(?=a)b' }, /look-around is not known: ask the other way/],
    ['a regex with a back-reference', { regex: '(a)\\1' }, /back-references are not known/],
    ['a regex that counts counts', { regex: '((a{0,30}){0,30}){0,30}' }, /27,000 positions/],
    ['a regex of many positions', { regex: '[ab]{500}c' }, /501 positions long .* at most 216/],
    ['a regex of many characters', { regex: 'a'.repeat(2_000) }, /2000 characters; at most 1024/],
    ['a regex of many groups', { regex: '('.repeat(500) }, /groups nest deeper than 32/],
    ['a regex that excludes so', { 'anything-but': { regex: '(a)\\1' } }, /back-references/],
  ] as const
).map(([name, entry, message]) =>
  pattern(
    name,
    () => payload(entry),
    `pattern.payload.n[0]${'anything-but' in entry ? '.anything-but' : ''}`,
    message,
  ),
);

const MANY: readonly Row[] = [
  pattern(
    '500 regexes that are dear to make ready',
    () => ({
      payload: {
        n: Array.from({ length: 500 }, () => ({ regex: '(a?){100}a{100}' })),
      },
    }),
    'pattern.payload.n[10]',
    /regular expressions of a pattern have more than 2048 positions together; make several rules/,
  ),
  pattern(
    'such regexes in alternatives and exclusions',
    () => ({
      payload: {
        $or: Array.from({ length: 100 }, () => ({
          n: [{ 'anything-but': { regex: ['(a?){100}a{100}', 'b{1,200}'] } }],
        })),
      },
    }),
    'pattern.payload.n[0]',
    /2048 positions together/,
  ),
];

/** Every hostile rule that has a refusal of its own. */
export const HOSTILE_RULES: readonly HostileRule[] = [
  ...SIZES,
  ...DEPTHS,
  ...KEYS,
  ...NUMBERS,
  ...TEXTS,
  ...MANY,
].map(([name, change, path, message]) => ({
  name,
  write: () => ({ ...buildRule(), ...change() }),
  path,
  message,
}));
