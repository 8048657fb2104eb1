import type { InputIssue } from '#shared/kernel/error.ts';

import { positionsOf } from './glushkov.ts';
import { PATTERN_POSITIONS_MAX } from './limit.ts';
import { parseRegex } from './parse-regex.ts';
import { RegexFault } from './reader.ts';

/**
 * Where the expressions of a pattern are together more than one pattern may have: each alone is within
 * its limit, but hundreds of them would take seconds to make ready. Undefined when they are not.
 */
export function regexExcess(pattern: object): InputIssue | undefined {
  let total = 0;
  const add = (sources: unknown, path: string): InputIssue | undefined => {
    for (const source of [sources].flat()) {
      if (typeof source === 'string') total += sizeOf(source);
      if (total > PATTERN_POSITIONS_MAX)
        return {
          path,
          message: `the regular expressions of a pattern have more than ${PATTERN_POSITIONS_MAX} positions together; make several rules of it`,
        };
    }
    return undefined;
  };
  const walk = (fields: object, above: string): InputIssue | undefined => {
    for (const [key, value] of Object.entries(fields) as [string, unknown][]) {
      const path = above === '' ? key : `${above}.${key}`;
      const isList = Array.isArray(value);
      for (const [index, entry] of (isList ? (value as unknown[]) : [value]).entries()) {
        if (typeof entry !== 'object' || entry === null) continue;
        const at = isList ? `${path}[${index}]` : path;
        const issue =
          isList && key !== '$or'
            ? (add(regexIn(entry), at) ?? add(regexIn(exceptIn(entry)), at))
            : walk(entry, key === '$or' ? above : at);
        if (issue !== undefined) return issue;
      }
    }
    return undefined;
  };
  return walk(pattern, '');
}

function regexIn(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && Object.hasOwn(entry, 'regex')
    ? (entry as { regex: unknown }).regex
    : undefined;
}

function exceptIn(entry: object): unknown {
  return Object.hasOwn(entry, 'anything-but')
    ? (entry as { 'anything-but': unknown })['anything-but']
    : undefined;
}

function sizeOf(source: string): number {
  try {
    return positionsOf(parseRegex(source));
  } catch (error) {
    if (error instanceof RegexFault) return 0;
    throw error;
  }
}
