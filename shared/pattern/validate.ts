import type { InputIssue } from '#shared/kernel/error.ts';

import { parsePattern } from './parse-pattern.ts';

/** One wrong place in a pattern: where, as a dotted path, and why. */
export type PatternIssue = InputIssue;

/**
 * Says everything that is wrong with an EventBridge event pattern; an empty list means it compiles.
 * The refusals are AWS's, and two of ours: a field stated twice, and our own size limit (limit.ts).
 * Source: Amazon EventBridge User Guide, "Comparison operators for use in event patterns".
 */
export function validatePattern(pattern: unknown): PatternIssue[] {
  return parsePattern(pattern).issues;
}
