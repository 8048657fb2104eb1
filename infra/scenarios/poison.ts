import { gzipSync } from 'node:zlib';

import type { RawPut } from './producer.ts';

/** Bytes that can become no event, and the reason their quarantine row must give. */
export interface Poison {
  name: string;
  reason: string;
  bytes: Uint8Array;
  partition_key?: string;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const good = { source: 'agent', type: 'order.placed', payload: {} };
/** `good` with one field's JSON text set by hand. */
const withField = (field: string) => Buffer.from(`{"source":"a","type":"b",${field}}`);
const nested = (depth: number) =>
  Buffer.from(`{"source":"a","type":"b","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`);

export const POISONS: readonly Poison[] = [
  { name: 'gzip bomb', reason: 'inflates_too_large', bytes: gzipSync(Buffer.alloc(11 * 2 ** 20)) },
  { name: 'torn gzip', reason: 'bad_compression', bytes: gzipSync(json(good)).subarray(0, 20) },
  {
    name: 'gzip in gzip in gzip',
    reason: 'compressed_too_deep',
    bytes: gzipSync(gzipSync(gzipSync(json(good)))),
  },
  { name: 'bad UTF-8', reason: 'bad_utf8', bytes: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22]) },
  {
    name: 'bad UTF-8 inside a string',
    reason: 'bad_utf8',
    bytes: Buffer.concat([Buffer.from('{"source":"'), Buffer.from([0xc3, 0x28]), json('x')]),
  },
  { name: 'depth 7,000', reason: 'too_deep', bytes: nested(7_000) },
  { name: 'depth 34', reason: 'too_deep', bytes: nested(33) },
  {
    name: 'constructor',
    reason: 'forbidden_key',
    bytes: Buffer.from('{"constructor":{"prototype":{"polluted":1}},"source":"a","type":"b"}'),
  },
  {
    name: '__proto__',
    reason: 'forbidden_key',
    bytes: Buffer.from('{"__proto__":{"polluted":1},"source":"a","type":"b"}'),
  },
  { name: 'torn JSON', reason: 'bad_json', bytes: Buffer.from('{"source":"a","type":') },
  { name: 'single quotes', reason: 'bad_json', bytes: Buffer.from("{'source':'a'}") },
  { name: 'raw NUL', reason: 'bad_json', bytes: Buffer.from('{"source":"a\u0000"}') },
  { name: 'NaN', reason: 'bad_json', bytes: withField('"payload":NaN') },
  { name: 'number alone', reason: 'not_an_object', bytes: Buffer.from('1e400') },
  { name: 'text alone', reason: 'not_an_object', bytes: json('event') },
  { name: 'null', reason: 'not_an_object', bytes: Buffer.from('null') },
  { name: 'no type', reason: 'missing_field', bytes: json({ source: 'a', payload: {} }) },
  { name: 'number as id', reason: 'bad_field', bytes: withField('"event_id":9007199254740993') },
  {
    name: 'unknown severity',
    reason: 'bad_severity',
    bytes: withField('"severity":"apocalyptic"'),
  },
  { name: 'unknown category', reason: 'bad_category', bytes: withField('"category":"gossip"') },
  {
    name: 'over 256 KiB',
    reason: 'too_large',
    bytes: json({ ...good, payload: { text: 'x'.repeat(300_000) } }),
  },
  {
    name: 'forged tenant',
    reason: 'tenant_signature',
    bytes: json({ ...good, payload: { forged: 1 } }),
    partition_key: `v1.other.nonce.${'0'.repeat(32)}`,
  },
  {
    name: 'half a tenant key',
    reason: 'tenant_signature',
    bytes: json({ ...good, payload: { forged: 2 } }),
    partition_key: 'v1.other',
  },
];

/** Events as odd as they may be that are events all the same: each must open the alert of its host. */
export const ODDITIES: readonly { host: string; bytes: Uint8Array }[] = [
  ['bom', '\uFEFF', '"x"'],
  ['infinite', '', '1e400'],
  ['beyond-integers', '', '9007199254740993'],
  ['lone-surrogate', '', '"\\ud800"'],
  ['escaped-nul', '', '"\\u0000"'],
  [
    'naughty',
    '',
    JSON.stringify('<script>alert(1)</script> ‮\u{1F468}‍\u{1F469} \'"; DROP TABLE;--'),
  ],
  ['inner-constructor', '', '{"constructor":{"prototype":1}}'],
  ['inner-proto', '', '{"a":{"b":{"c":{"__proto__":{"polluted":1}}}}}'],
].map(([host, before, odd]) => ({
  host: host!,
  bytes: Buffer.from(
    `${before}{"source":"a","type":"scenario.host","service":"odd","payload":{"host":"${host}","odd":${odd}}}`,
  ),
}));

/** As records, in this order. */
export function poisonPuts(): RawPut[] {
  return POISONS.map(({ bytes, partition_key = 'poison' }) => ({ bytes, partition_key }));
}
