/** How one field of an alert is asked: a part of the pattern language that a form can show. */
export const OPS = {
  is: 'is',
  'is-not': 'is not',
  prefix: 'begins with',
  suffix: 'ends with',
  present: 'is present',
  absent: 'is missing',
} as const;
export type Op = keyof typeof OPS;

export interface Condition {
  /** `service`, `severity`, `labels.env`, … */
  field: string;
  op: Op;
  /** One of them is enough; with `is-not` it is none of them. */
  values: readonly string[];
}

type Pattern = Record<string, unknown>;

/** The pattern that asks all conditions. Of two for the same field the last counts. */
export function writePattern(conditions: readonly Condition[]): Pattern {
  const pattern: Pattern = {};
  for (const { field, op, values } of conditions) {
    const at = field.indexOf('.');
    const leaf = leafOf(op, values);
    if (at < 0) pattern[field] = leaf;
    else {
      const parent = field.slice(0, at);
      pattern[parent] = { ...(pattern[parent] as Pattern), [field.slice(at + 1)]: leaf };
    }
  }
  return pattern;
}

function leafOf(op: Op, values: readonly string[]): unknown[] {
  if (op === 'is') return [...values];
  if (op === 'is-not') return [{ 'anything-but': [...values] }];
  if (op === 'present' || op === 'absent') return [{ exists: op === 'present' }];
  return values.map((value) => ({ [op]: value }));
}

/** A pattern as conditions; undefined when it says more than a form can show. */
export function readPattern(pattern: Readonly<Pattern>): Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const [name, value] of Object.entries(pattern)) {
    if (Array.isArray(value)) {
      const condition = readLeaf(name, value);
      if (!condition) return undefined;
      conditions.push(condition);
      continue;
    }
    if (!isRecord(value) || name.startsWith('$')) return undefined;
    for (const [inner, leaf] of Object.entries(value)) {
      const condition = Array.isArray(leaf) && readLeaf(`${name}.${inner}`, leaf);
      if (!condition) return undefined;
      conditions.push(condition);
    }
  }
  return conditions;
}

function readLeaf(field: string, leaf: readonly unknown[]): Condition | undefined {
  if (leaf.length === 0 || field.startsWith('$')) return undefined;
  if (leaf.every((one) => typeof one === 'string')) return { field, op: 'is', values: leaf };
  const [first] = leaf;
  if (leaf.length === 1 && isRecord(first) && Object.keys(first).length === 1) {
    if (typeof first['exists'] === 'boolean')
      return { field, op: first['exists'] ? 'present' : 'absent', values: [] };
    const not = first['anything-but'];
    const values = typeof not === 'string' ? [not] : not;
    if (Array.isArray(values) && values.every((one) => typeof one === 'string'))
      return { field, op: 'is-not', values };
  }
  for (const op of ['prefix', 'suffix'] as const) {
    const values = leaf.map((one) =>
      isRecord(one) && Object.keys(one).length === 1 ? one[op] : undefined,
    );
    if (values.every((one) => typeof one === 'string')) return { field, op, values };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `service begins with pay and severity is CRITICAL or ERROR`. */
export function patternWords(pattern: Readonly<Pattern>): string {
  const conditions = readPattern(pattern);
  if (!conditions) return `alerts that match ${JSON.stringify(pattern)}`;
  if (conditions.length === 0) return 'every alert';
  return conditions
    .map(({ field, op, values }) => {
      const name = field.replace(/^labels\./, 'label ').replace(/^group\./, 'group ');
      const joined = values.join(op === 'is-not' ? ' nor ' : ' or ');
      return values.length === 0 ? `${name} ${OPS[op]}` : `${name} ${OPS[op]} ${joined}`;
    })
    .join(' and ');
}
