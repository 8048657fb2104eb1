import { blockWitness, compileCidr } from './cidr.ts';
import { foldCase } from './fold-case.ts';
import * as matcher from './matcher.ts';
import type { Matcher } from './matcher.ts';
import { parseAnythingBut } from './parse-anything-but.ts';
import { parseLookup } from './parse-lookup.ts';
import { parseNumeric } from './parse-numeric.ts';
import { compileRegex } from './regex/compile-regex.ts';
import { onlyKey } from './refuse.ts';
import type { Refuse } from './refuse.ts';
import { compileWildcard, wildcardWitness } from './wildcard.ts';
import { affixWitness } from './witness.ts';
import type { Witness } from './witness.ts';

/** Reads one entry of a field's list; undefined (and a refusal) when it is none. */
export function parseMatcher(entry: unknown, at: string, refuse: Refuse): Matcher | undefined {
  if (entry === null || typeof entry === 'string' || typeof entry === 'boolean')
    return { kind: 'equals', value: entry };
  if (typeof entry === 'number') {
    if (!Number.isFinite(entry)) return refuse(at, 'a number must be finite');
    return { kind: 'equals', value: entry };
  }
  if (typeof entry !== 'object' || Array.isArray(entry))
    return refuse(at, 'a match value must be a string, number, true, false, null or an operator');
  const operator = onlyKey(entry, at, refuse);
  if (operator === undefined) return undefined;
  return parseOperator(operator, (entry as Record<string, unknown>)[operator], at, refuse);
}

function parseOperator(
  operator: string,
  operand: unknown,
  at: string,
  refuse: Refuse,
): Matcher | undefined {
  switch (operator) {
    case 'exact':
      if (typeof operand !== 'string') return refuse(at, 'exact must be a string');
      return { kind: 'equals', value: operand };
    case 'prefix':
    case 'suffix':
      return parseAffix(operator, operand, at, refuse);
    case 'equals-ignore-case':
      if (typeof operand !== 'string') return refuse(at, 'equals-ignore-case must be a string');
      return matcher.ofString(matcher.equalsFolded(foldCase(operand)));
    case 'wildcard':
      return parseCompiled(operator, operand, compileWildcard, wildcardWitness, at, refuse);
    case 'regex':
      return parseRegex(operand, at, refuse);
    case 'cidr':
      return parseCompiled(operator, operand, compileCidr, blockWitness, at, refuse);
    case 'numeric':
      return parseNumeric(operand, at, refuse);
    case 'exists':
      if (typeof operand !== 'boolean') return refuse(at, 'exists must be true or false');
      return { kind: operand ? 'present' : 'absent' };
    case 'anything-but':
      return parseAnythingBut(operand, at, refuse);
    case 'lookup':
      return parseLookup(operand, at, refuse);
    default:
      return refuse(at, `unrecognized match type ${JSON.stringify(operator)}`);
  }
}

function parseAffix(
  operator: 'prefix' | 'suffix',
  operand: unknown,
  at: string,
  refuse: Refuse,
): Matcher | undefined {
  if (typeof operand === 'string')
    return matcher.ofString(
      operator === 'prefix' ? matcher.startsWith(operand) : matcher.endsWith(operand),
      affixWitness(operator === 'prefix' ? 'start' : 'end', operand),
    );
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand))
    return refuse(at, `${operator} must be a string or {"equals-ignore-case": …}`);
  const inner = onlyKey(operand, `${at}.${operator}`, refuse);
  if (inner === undefined) return undefined;
  if (inner !== 'equals-ignore-case')
    return refuse(at, `unsupported ${operator} pattern: ${JSON.stringify(inner)}`);
  const text = (operand as Record<string, unknown>)[inner];
  if (typeof text !== 'string')
    return refuse(`${at}.${operator}`, 'equals-ignore-case must be a string');
  const folded = foldCase(text);
  return matcher.ofString(
    operator === 'prefix' ? matcher.startsWithFolded(folded) : matcher.endsWithFolded(folded),
  );
}

function parseCompiled(
  operator: string,
  operand: unknown,
  compileText: (text: string) => ((text: string) => boolean) | string,
  witnessOf: (text: string) => Witness | undefined,
  at: string,
  refuse: Refuse,
): Matcher | undefined {
  if (typeof operand !== 'string') return refuse(at, `${operator} must be a string`);
  const test = compileText(operand);
  if (typeof test === 'string') return refuse(at, `${operator}: ${test}`);
  return matcher.ofString(test, witnessOf(operand));
}

function parseRegex(operand: unknown, at: string, refuse: Refuse): Matcher | undefined {
  if (typeof operand !== 'string') return refuse(at, 'regex must be a string');
  const compiled = compileRegex(operand);
  if (typeof compiled === 'string') return refuse(at, `regex: ${compiled}`);
  const { test, witness } = compiled;
  if (compiled.alternatives.length === 0) return matcher.ofString(test, witness);
  const alternatives = compiled.alternatives.map((one) => matcher.ofString(one.test, one.witness));
  return {
    kind: 'test',
    test: (value) => typeof value === 'string' && test(value),
    alternatives,
  };
}
