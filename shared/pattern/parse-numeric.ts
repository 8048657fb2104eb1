import { NUMBER_BOUND } from './limit.ts';
import { ofNumber } from './matcher.ts';
import type { Matcher } from './matcher.ts';
import type { Refuse } from './refuse.ts';

/** The reason a number cannot be a bound, or undefined when it can. */
export function boundFault(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
  if (Math.abs(value) > NUMBER_BOUND)
    return `must be between ${-NUMBER_BOUND} and ${NUMBER_BOUND}, inclusive`;
  return undefined;
}

/**
 * Reads the operand of `numeric`: `["=", n]`, one of `< <= > >=` with a number, or a range that
 * starts with `>` or `>=` and ends with `<` or `<=`. Values in events are not bounded: a larger
 * number than any bound is compared as what it is.
 */
export function parseNumeric(operand: unknown, at: string, refuse: Refuse): Matcher | undefined {
  if (!Array.isArray(operand)) return refuse(at, 'numeric must be a list, e.g. [">", 0, "<=", 5]');
  if (operand.length === 0) return refuse(at, 'numeric must not be empty');
  const lower = readTerm(operand, 0, at, refuse);
  if (lower === undefined) return undefined;
  const [operator, bound] = lower;
  if (operand.length === 2) {
    if (operator === '=') return { kind: 'equals', value: bound };
    const by = operator === '<' || operator === '<=' ? 'most' : 'least';
    return ofNumber(COMPARE[operator](bound), { by, bound });
  }
  if (operator !== '>' && operator !== '>=')
    return refuse(at, `numeric: too many elements after "${operator}"`);
  const upper = readTerm(operand, 2, at, refuse);
  if (upper === undefined) return undefined;
  const [closing, top] = upper;
  if (closing !== '<' && closing !== '<=')
    return refuse(at, `numeric: a range must end with < or <=, not "${closing}"`);
  if (operand.length > 4) return refuse(at, 'numeric: too many elements');
  if (bound >= top) return refuse(at, 'numeric: the bottom of a range must be less than its top');
  const above = COMPARE[operator](bound);
  const below = COMPARE[closing](top);
  return ofNumber((value) => above(value) && below(value), { by: 'least', bound });
}

type Operator = '=' | '<' | '<=' | '>' | '>=';

const COMPARE: Record<Operator, (bound: number) => (value: number) => boolean> = {
  '=': (bound) => (value) => value === bound,
  '<': (bound) => (value) => value < bound,
  '<=': (bound) => (value) => value <= bound,
  '>': (bound) => (value) => value > bound,
  '>=': (bound) => (value) => value >= bound,
};

function readTerm(
  list: readonly unknown[],
  from: number,
  at: string,
  refuse: Refuse,
): [Operator, number] | undefined {
  const operator = list[from];
  if (typeof operator !== 'string' || !Object.hasOwn(COMPARE, operator))
    return refuse(at, `numeric: unrecognized operator ${JSON.stringify(operator)}`);
  const value = list[from + 1];
  const fault = boundFault(value);
  if (fault !== undefined) return refuse(at, `numeric: the value of ${operator} ${fault}`);
  return [operator as Operator, value as number];
}
