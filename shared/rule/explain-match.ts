import type { Explanation } from '#shared/alert/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';

import { fieldReader } from '#shared/event/read-field.ts';
import { KeySet } from '#shared/pattern/key-set.ts';
import type { CompiledRule } from './compile-rule-set.ts';
import type { DetectionRule } from './schema.ts';
import { showValue } from './show-value.ts';

/** Conditions shown; a rule with more says how many it left out. */
const CONDITIONS_MAX = 8;
const TEXT_MAX = 120;

/** Why a rule fired: by its pattern where the event itself is the finding, else in its detector's words. */
export function explainFinding(
  { rule, detector }: Pick<CompiledRule, 'rule' | 'detector'>,
  last: EventRecord,
  byDetector: Explanation,
): Explanation {
  return detector.findsEvents === true ? explainMatch(rule, last) : byDetector;
}

/** What a rule's pattern asked of an event, and what the event held there: why a `match` rule fired. */
export function explainMatch(rule: DetectionRule, event: EventRecord): Explanation {
  const conditions = [...conditionsOf(rule.pattern, '')];
  const shown = conditions.slice(0, CONDITIONS_MAX);
  const values: Record<string, string> = {};
  for (const { path } of shown) values[path] = showValue(fieldReader(path)(event), path, TEXT_MAX);
  const rest = conditions.length - shown.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return {
    detector: 'match',
    summary: Object.entries(values)
      .map(([path, value]) => `${path} is ${value}`)
      .join(', '),
    expected: `no event with ${shown.map(({ path, text }) => `${path} ${text}`).join(', ')}${more}`,
    observed: `${showValue(event.type, 'type', TEXT_MAX)} from ${showValue(event.source, 'source', TEXT_MAX)}`,
    values,
  };
}

interface Condition {
  path: string;
  text: string;
}

/** The leaves of a pattern in order; alternatives of `$or` are left to their own paths. */
function* conditionsOf(pattern: Record<string, unknown>, prefix: string): Generator<Condition> {
  for (const [key, below] of Object.entries(pattern)) {
    if (key === '$or' && Array.isArray(below))
      for (const branch of below) yield* conditionsOf(branch as Record<string, unknown>, prefix);
    else if (Array.isArray(below)) yield { path: `${prefix}${key}`, text: wordsOf(below) };
    else if (typeof below === 'object' && below !== null)
      yield* conditionsOf(below as Record<string, unknown>, `${prefix}${key}.`);
  }
}

/** Matchers of one field in words: `>= 90 or absent`. */
export function wordsOf(matchers: readonly unknown[]): string {
  return matchers.map(wordOf).join(' or ');
}

function wordOf(matcher: unknown): string {
  if (typeof matcher !== 'object' || matcher === null) return showValue(matcher, '', TEXT_MAX);
  const [[kind, value] = ['', undefined]] = Object.entries(matcher);
  if (value instanceof KeySet) return `in lookup ${value.named}`;
  const shown = Array.isArray(value) ? value.map((part) => wordOf(part)).join(' ') : wordOf(value);
  if (kind === 'numeric') return shown;
  if (kind === 'exists') return value === true ? 'present' : 'absent';
  return `${kind} ${shown}`;
}
