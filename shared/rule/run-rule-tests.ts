import type { Accepted } from '#shared/event/normalise.ts';
import { normaliseEvent } from '#shared/event/normalise.ts';

import { evaluateRule } from './evaluate-rule.ts';
import { leftOutWords } from './left-out.ts';
import { relativeSeconds } from './relative-time.ts';
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
    const groups = evaluateRule(rule, test.events.map(eventOf));
    const fired = groups.find(({ occurrences }) => occurrences > 0);
    if (fired) return { actual: 'fires', detail: fired.explanation?.summary ?? '' };
    return {
      actual: 'quiet',
      detail: `${groups.length} groups, none fired${leftOutWords(groups)}`,
    };
  } catch (error) {
    return { actual: 'fault', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** `+<seconds>` counts from the beginning; an event without an id gets one of its own. */
function eventOf(raw: Record<string, unknown>, index: number): Accepted {
  const { timestamp } = raw;
  const relative = relativeSeconds(timestamp);
  const stated =
    relative !== undefined
      ? BEGIN_MS + Math.round(relative * 1000)
      : typeof timestamp === 'string'
        ? Date.parse(timestamp)
        : BEGIN_MS;
  if (!Number.isFinite(stated)) throw new TypeError(`event ${index} has no readable timestamp`);
  const accepted = normaliseEvent(
    { event_id: `test-${index}`, ...raw, timestamp: new Date(stated).toISOString() },
    { tenant: 'test', arrived_at_ms: stated },
  );
  return { ...accepted, stated_at: stated };
}
