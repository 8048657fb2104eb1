import { KeySet } from './key-set.ts';
import type { Matcher } from './matcher.ts';
import type { Refuse } from './refuse.ts';

/** Up to so many keys an index can look for each of them; more are asked for in one set. */
const ALTERNATIVES_MAX = 200;

/** Names of lookup tables. */
export const LOOKUP_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Reads the operand of `lookup`: the table whose keys a value must be among, or its name while nobody
 * has put the table in. A pattern with a mere name is valid but does not compile.
 */
export function parseLookup(operand: unknown, at: string, refuse: Refuse): Matcher | undefined {
  if (operand instanceof KeySet)
    return {
      kind: 'test',
      test: (value) => operand.has(value),
      ...(operand.size <= ALTERNATIVES_MAX && { alternatives: [...alternativesOf(operand)] }),
    };
  return unboundOf(operand, at, refuse);
}

/** The same inside `anything-but`: every leaf passes that is not among the keys. */
export function parseExceptLookup(
  operand: unknown,
  at: string,
  refuse: Refuse,
): Matcher | undefined {
  if (operand instanceof KeySet) return { kind: 'test', test: (value) => !operand.has(value) };
  return unboundOf(operand, at, refuse);
}

function unboundOf(operand: unknown, at: string, refuse: Refuse): Matcher | undefined {
  if (typeof operand !== 'string' || !LOOKUP_NAME.test(operand))
    return refuse(at, 'lookup must be the name of a lookup table, such as "vip-users"');
  return {
    kind: 'test',
    test: () => {
      throw new Error(`the lookup table "${operand}" is not there`);
    },
    unbound: operand,
  };
}

function* alternativesOf(set: KeySet): Generator<Matcher> {
  for (const key of set.keys()) {
    yield { kind: 'equals', value: key };
    const number = Number(key);
    if (String(number) === key && Number.isFinite(number)) yield { kind: 'equals', value: number };
  }
}
