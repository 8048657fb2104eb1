import { foldCase } from './fold-case.ts';
import * as matcher from './matcher.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { parseExceptLookup } from './parse-lookup.ts';
import { boundFault } from './parse-numeric.ts';
import { compileRegex } from './regex/compile-regex.ts';
import { onlyKey } from './refuse.ts';
import type { Refuse } from './refuse.ts';
import { compileWildcard } from './wildcard.ts';

/**
 * Reads the operand of `anything-but`: one string or number, a list of only strings or only numbers,
 * or `prefix`, `suffix`, `equals-ignore-case`, `wildcard` or `regex` of one string or a list of them, or
 * a `lookup`.
 */
export function parseAnythingBut(
  operand: unknown,
  at: string,
  refuse: Refuse,
): Matcher | undefined {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand))
    return parseNested(operand, `${at}.anything-but`, refuse);
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) return refuse(at, 'anything-but must not be an empty list');
  const strings = values.filter((value) => typeof value === 'string').length;
  const numbers = values.filter((value) => typeof value === 'number').length;
  if (strings + numbers !== values.length)
    return refuse(at, 'anything-but takes strings or numbers; null, true and false are not known');
  if (strings > 0 && numbers > 0)
    return refuse(at, 'anything-but: either all values are strings or all are numbers');
  for (const value of numbers > 0 ? values : []) {
    const fault = boundFault(value);
    if (fault !== undefined) return refuse(at, `anything-but: a number ${fault}`);
  }
  const except = new Set(values as Scalar[]);
  return { kind: 'test', test: (value) => !except.has(value) };
}

function parseNested(operand: object, at: string, refuse: Refuse): Matcher | undefined {
  const operator = onlyKey(operand, at, refuse);
  if (operator === undefined) return undefined;
  if (operator === 'lookup')
    return parseExceptLookup((operand as Record<string, unknown>)[operator], at, refuse);
  const make = Object.hasOwn(NESTED, operator) ? NESTED[operator] : undefined;
  if (make === undefined)
    return refuse(at, `unsupported anything-but pattern: ${JSON.stringify(operator)}`);
  const inner = (operand as Record<string, unknown>)[operator];
  const texts: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  if (texts.length === 0) return refuse(at, `${operator} must not be an empty list`);
  const tests: ((text: string) => boolean)[] = [];
  for (const text of texts) {
    if (typeof text !== 'string')
      return refuse(at, `${operator} must be a string or a list of strings`);
    const test = make(text);
    if (typeof test === 'string') return refuse(at, `${operator}: ${test}`);
    tests.push(test);
  }
  return matcher.exceptStrings(matcher.anyOf(tests));
}

const NESTED: Record<string, (text: string) => ((text: string) => boolean) | string> = {
  prefix: (text) => (text === '' ? 'must not be empty' : matcher.startsWith(text)),
  suffix: (text) => (text === '' ? 'must not be empty' : matcher.endsWith(text)),
  'equals-ignore-case': (text) => matcher.equalsFolded(foldCase(text)),
  wildcard: compileWildcard,
  regex: (text) => {
    const compiled = compileRegex(text);
    return typeof compiled === 'string' ? compiled : compiled.test;
  },
};
