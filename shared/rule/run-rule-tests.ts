import { foldSeries } from '#shared/detection/fold.ts';
import type { FoldPoint } from '#shared/detection/fold.ts';
import { normaliseEvent } from '#shared/event/normalise.ts';

import { compileRuleSet } from './compile-rule-set.ts';
import type { RuleMatch } from './compile-rule-set.ts';
import type { DetectionRule, RuleTest } from './schema.ts';

/** How one labelled set of events went. `fault` is never a pass. */
export interface RuleTestResult {
  name: string;
  expected: RuleTest['expect'];
  actual: RuleTest['expect'] | 'fault';
  passed: boolean;
  /** The finding's summary, or what went wrong. */
  detail: string;
}

/** When a test begins that states no absolute time. */
const BEGIN_MS = Date.UTC(2026, 0, 5, 12);

/**
 * Runs a rule's own tests through the evaluator that production uses, whatever the rule's state: the
 * events are normalised, matched, grouped and folded. Pure; never throws.
 */
export function runRuleTests(rule: DetectionRule): RuleTestResult[] {
  return rule.tests.map((test) => {
    const { actual, detail } = outcomeOf(rule, test);
    return {
      name: test.name,
      expected: test.expect,
      actual,
      passed: actual === test.expect,
      detail,
    };
  });
}

function outcomeOf(
  rule: DetectionRule,
  test: RuleTest,
): { actual: RuleTestResult['actual']; detail: string } {
  try {
    const set = compileRuleSet([{ ...rule, state: 'ENABLED' }]);
    for (const { error } of set.broken) throw error;
    const series = new Map<string, { match: RuleMatch; points: FoldPoint[] }>();
    for (const [index, raw] of test.events.entries()) {
      const { event, at } = eventOf(raw, index);
      const { matches, faults } = set.match(event);
      for (const { error } of faults) throw error;
      for (const match of matches) {
        const entry = series.get(match.group_key) ?? { match, points: [] };
        const { event_id } = event;
        const point = { event_id, at, stated_at: at, value: match.value };
        entry.points.push({ sequence: String(index + 1), point, event });
        series.set(match.group_key, entry);
      }
    }
    for (const [series_key, { match, points }] of series) {
      const { occurrences, explain } = foldSeries({
        tenant: 'test',
        series_key,
        rule: match.compiled,
        series: undefined,
        seen: [],
        shard: 'test',
        points,
        touched_at: new Date(BEGIN_MS).toISOString(),
      });
      if (occurrences > 0) return { actual: 'fires', detail: explain?.summary ?? '' };
    }
    return { actual: 'quiet', detail: `${series.size} groups, none fired` };
  } catch (error) {
    return { actual: 'fault', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** `+<seconds>` counts from the beginning; an event without an id gets one of its own. */
function eventOf(raw: Record<string, unknown>, index: number) {
  const { timestamp } = raw;
  const relative = typeof timestamp === 'string' ? /^\+(\d+(?:\.\d+)?)$/.exec(timestamp) : null;
  const stated = relative
    ? BEGIN_MS + Math.round(Number(relative[1]) * 1000)
    : typeof timestamp === 'string'
      ? Date.parse(timestamp)
      : BEGIN_MS;
  if (!Number.isFinite(stated)) throw new TypeError(`event ${index} has no readable timestamp`);
  const { event } = normaliseEvent(
    { event_id: `test-${index}`, ...raw, timestamp: new Date(stated).toISOString() },
    { tenant: 'test', arrived_at_ms: stated },
  );
  return { event, at: stated };
}
