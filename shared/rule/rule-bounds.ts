import type { InputIssue } from '#shared/kernel/error.ts';

/** Largest rule with its tests, in bytes of JSON. */
export const RULE_BYTES_MAX = 128 * 1024;
export const TOO_LARGE = `a rule with its tests is at most ${RULE_BYTES_MAX.toLocaleString('en')} bytes; make several rules of it, or shorten its tests`;
/** Deepest nesting anywhere in a rule, the events of its tests included. */
const RULE_DEPTH_MAX = 48;

/**
 * What makes a written rule too large or too deep to look at closer, or undefined. Stops where it is
 * more than a rule may have, so that its cost is bounded whatever the input; never throws.
 */
export function findExcess(rule: unknown): InputIssue | undefined {
  if (typeof rule !== 'object' || rule === null) return undefined;
  const budget = { bytes: RULE_BYTES_MAX };
  for (const [field, value] of Object.entries(rule)) {
    const message = spend(value, 1, budget);
    if (message !== undefined) return { path: field, message };
  }
  return undefined;
}

/** Takes at most what the value has as JSON; says why where there is not enough left. */
function spend(value: unknown, depth: number, budget: { bytes: number }): string | undefined {
  budget.bytes -= typeof value === 'string' ? value.length + 2 : 1;
  if (budget.bytes < 0) return TOO_LARGE;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > RULE_DEPTH_MAX) return `nests deeper than ${RULE_DEPTH_MAX}; flatten it`;
  if (!Array.isArray(value)) for (const key of Object.keys(value)) budget.bytes -= key.length + 3;
  for (const below of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    const message = spend(below, depth + 1, budget);
    if (message !== undefined) return message;
  }
  return undefined;
}
