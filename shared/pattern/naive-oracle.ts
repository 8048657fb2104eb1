/**
 * A second, slow reading of the pattern language for tests, written from the documents and sharing no
 * code with the engine: the event becomes a list of leaves that know which array elements they lie in
 * (as event-ruler describes), and every choice of leaves is tried.
 */
interface Leaf {
  path: string;
  value: unknown;
  /** Element number by array, arrays numbered in the order met. */
  elements: ReadonlyMap<number, number>;
}

export function matchesNaively(pattern: Record<string, unknown>, event: unknown): boolean {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return false;
  const leaves: Leaf[] = [];
  let arrays = 0;
  const collect = (value: unknown, path: string, elements: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, element] of value.entries())
        if (typeof element === 'object' && element !== null)
          collect(element, path, new Map(elements).set(array, index));
        else collect(element, path, elements);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, below] of Object.entries(value)) collect(below, `${path}.${key}`, elements);
    } else if (value !== undefined) leaves.push({ path, value, elements });
  };
  for (const [key, value] of Object.entries(event)) collect(value, key, new Map());
  return alternatives(pattern).some((fields) => choose(fields, leaves, new Map()));
}

type Fields = readonly { path: string; entries: readonly unknown[] }[];

/** Multiplies out `$or`; fields of each alternative sorted by path. */
function alternatives(pattern: Record<string, unknown>, path = ''): Fields[] {
  let all: Fields[] = [[]];
  const cross = (more: Fields[]) => {
    all = all.flatMap((left) => more.map((right) => [...left, ...right]));
  };
  for (const [key, value] of Object.entries(pattern)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (key === '$or')
      cross((value as Record<string, unknown>[]).flatMap((one) => alternatives(one, path)));
    else if (Array.isArray(value)) cross([[{ path: at, entries: value }]]);
    else cross(alternatives(value as Record<string, unknown>, at));
  }
  return all.map((fields) => [...fields].sort((a, b) => (a.path < b.path ? -1 : 1)));
}

function choose(
  fields: Fields,
  leaves: readonly Leaf[],
  chosen: ReadonlyMap<number, number>,
): boolean {
  const [field, ...rest] = fields;
  if (field === undefined) return true;
  const here = leaves.filter(
    (leaf) =>
      leaf.path === field.path &&
      [...leaf.elements].every(([array, index]) => (chosen.get(array) ?? index) === index),
  );
  return field.entries.some((entry) => {
    if (isExistsFalse(entry)) return here.length === 0 && choose(rest, leaves, chosen);
    return here.some(
      (leaf) =>
        entryHolds(entry, leaf.value) &&
        choose(rest, leaves, new Map([...chosen, ...leaf.elements])),
    );
  });
}

function isExistsFalse(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'exists' in entry && !entry.exists;
}

function entryHolds(entry: unknown, value: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return entry === value;
  const [operator, operand] = Object.entries(entry)[0]!;
  if (operator === 'exists') return true;
  if (operator === 'exact') return operand === value;
  if (operator === 'numeric') return numericHolds(operand as (string | number)[], value);
  if (operator === 'anything-but') return !excluded(operand, value);
  return typeof value === 'string' && textHolds(operator, operand, value);
}

function excluded(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.includes(value);
  if (typeof operand !== 'object' || operand === null) return operand === value;
  const [operator, inner] = Object.entries(operand)[0]!;
  if (typeof value !== 'string') return false;
  return [inner].flat().some((one) => textHolds(operator, one, value));
}

function textHolds(operator: string, operand: unknown, text: string): boolean {
  if (typeof operand === 'object' && operand !== null) {
    const inner = (operand as Record<string, string>)['equals-ignore-case']!;
    const size = inner.length;
    const part = operator === 'prefix' ? text.slice(0, size) : text.slice(text.length - size);
    return size <= text.length && sameLetters(part, inner);
  }
  const wanted = operand as string;
  if (operator === 'prefix') return text.slice(0, wanted.length) === wanted;
  if (operator === 'suffix') return text.slice(Math.max(text.length - wanted.length, 0)) === wanted;
  if (operator === 'equals-ignore-case') return sameLetters(text, wanted);
  if (operator === 'cidr') return addressIn(wanted, text);
  if (operator === 'regex') return new RegExp(wanted, 'u').test(text);
  return wildcardHolds(wanted, text);
}

function sameLetters(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

function wildcardHolds(pattern: string, text: string): boolean {
  let expression = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (char === '*') expression += '[^]*';
    else
      expression += (char === '\\' ? pattern[++index]! : char).replace(
        /[^a-z0-9]/i,
        (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`,
      );
  }
  return new RegExp(`^${expression}$`, 'u').test(text);
}

function numericHolds(operand: (string | number)[], value: unknown): boolean {
  if (typeof value !== 'number') return false;
  for (let index = 0; index < operand.length; index += 2) {
    const bound = operand[index + 1] as number;
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!holds[operand[index] as keyof typeof holds]) return false;
  }
  return true;
}

function addressIn(block: string, text: string): boolean {
  const [base, bits] = block.split('/') as [string, string];
  const [a, b] = [bitsOf(base), bitsOf(text)];
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.slice(0, Number(bits)) === b.slice(0, Number(bits))
  );
}

/** The address as a string of zeros and ones; the platform decides what is an IPv6 literal. */
function bitsOf(text: string): string | undefined {
  const binary = (value: number, width: number) => value.toString(2).padStart(width, '0');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.every((octet) => octet < 256)
      ? octets.map((octet) => binary(octet, 8)).join('')
      : undefined;
  }
  if (!text.includes(':')) return undefined;
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return undefined;
  const [head = '', tail] = host.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [
    ...left,
    ...Array.from({ length: 8 - left.length - right.length }, () => '0'),
    ...right,
  ];
  const bits = all.map((group) => binary(Number.parseInt(group, 16), 16)).join('');
  return bits.startsWith(`${'0'.repeat(80)}${'1'.repeat(16)}`) ? bits.slice(96) : bits;
}
