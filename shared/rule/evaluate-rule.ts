import type { Explanation } from '#shared/alert/schema.ts';
import { foldSeries } from '#shared/detection/fold.ts';
import type { FoldPoint } from '#shared/detection/fold.ts';
import type { Accepted } from '#shared/event/normalise.ts';

import { compileRuleSet } from './compile-rule-set.ts';
import type { RuleMatch } from './compile-rule-set.ts';
import { explainMatch } from './explain-match.ts';
import { renderTitle } from './render-title.ts';
import type { DetectionRule } from './schema.ts';

/** What a rule made of one group of the events. */
export interface EvaluatedGroup {
  group: Record<string, string>;
  /** Events that the pattern selected. */
  matched: number;
  /** Events that are part of a finding; 0 is quiet. */
  occurrences: number;
  /** Events left out because the same event came before. */
  duplicates: number;
  /** Present when it fired: the alert's title and why. */
  title?: string;
  explanation?: Explanation;
}

/**
 * Runs a rule, whatever its state, over events in their order through the evaluator that production
 * uses: matched, grouped and folded as one batch. Pure. Throws what the rule throws.
 */
export function evaluateRule(rule: DetectionRule, events: readonly Accepted[]): EvaluatedGroup[] {
  const set = compileRuleSet([{ ...rule, state: 'ENABLED' }]);
  for (const { error } of set.broken) throw error;
  const series = new Map<string, { match: RuleMatch; points: FoldPoint[] }>();
  for (const [index, { event, stated_at }] of events.entries()) {
    const { matches, faults } = set.match(event);
    for (const { error } of faults) throw error;
    for (const match of matches) {
      const entry = series.get(match.group_key) ?? { match, points: [] };
      const at = Date.parse(event.timestamp);
      const point = { event_id: event.event_id, at, stated_at, value: match.value };
      entry.points.push({ sequence: String(index + 1), point, event });
      series.set(match.group_key, entry);
    }
  }
  return [...series].map(([key, { match, points }]) => foldGroup(rule, key, match, points));
}

function foldGroup(
  rule: DetectionRule,
  series_key: string,
  match: RuleMatch,
  points: readonly FoldPoint[],
): EvaluatedGroup {
  const { occurrences, duplicates, explain, firstEvents, lastEvents } = foldSeries({
    tenant: 'test',
    series_key,
    rule: match.compiled,
    series: undefined,
    seen: [],
    shard: 'test',
    points,
    touched_at: points[0]!.event.timestamp,
  });
  const counted = { group: match.group, matched: points.length, occurrences, duplicates };
  const last = lastEvents.at(-1);
  if (explain === undefined || last === undefined) return counted;
  return {
    ...counted,
    title: renderTitle(rule.title, firstEvents[0] ?? last),
    explanation: rule.detector.kind === 'match' ? explainMatch(rule, last) : explain,
  };
}
