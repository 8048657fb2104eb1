import type { Alert, Evidence } from '#shared/alert/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { describeRule } from '#shared/rule/describe-rule.ts';
import { explainMatch } from '#shared/rule/explain-match.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { line } from './line.ts';
import { versionAt } from './rules-at.ts';
import type { ExplainLine } from './schema.ts';

/** Rules of Sentry about itself: nothing arrives for them to match. */
const OWN = 'sentry-';

/**
 * Which rule opened an alert, in the version then in force, what its pattern asked and what the event
 * held there, and the detector's own words. Throws `unavailable`.
 */
export async function ruleLines(
  rules: Pick<RuleStore, 'versions'>,
  alert: Alert,
): Promise<ExplainLine[]> {
  const { rule_id, created_at, event_id } = alert;
  const opened = versionAt(await rules.versions(alert.tenant, rule_id), Date.parse(created_at));
  const lines = [matchedLine(alert, opened)];
  const first = alert.evidence.first[0];
  const event = first?.event_id === event_id ? eventOf(first) : undefined;
  if (opened && event) {
    const { expected, summary } = explainMatch(opened, event);
    const asked = expected.replace(/^no event with /, '');
    const words = `Its pattern asked: ${asked}; the event has: ${summary}`;
    lines.push(line(created_at, 'rule', 'rule_matched', words, { rule_id, event_id }));
  }
  const { detector, summary, expected, observed } = alert.explain;
  const words = `Detector ${detector}, of the last match: ${summary}; expected ${expected}; observed ${observed}`;
  return [...lines, line(created_at, 'rule', 'rule_matched', words, { rule_id, detector })];
}

function matchedLine(alert: Alert, opened: DetectionRule | undefined): ExplainLine {
  const { rule_id, rule_version, created_at } = alert;
  if (opened) {
    const words = `Rule "${opened.name}" (${rule_id}, version ${opened.version}): ${describeRule(opened)}`;
    return line(created_at, 'rule', 'rule_matched', words, {
      rule_id,
      rule_version: opened.version,
    });
  }
  const ids = { rule_id, rule_version };
  return rule_id.startsWith(OWN)
    ? line(created_at, 'rule', 'rule_of_sentry', `Sentry's own rule ${rule_id} about itself`, ids)
    : line(
        created_at,
        'rule',
        'rule_forgotten',
        `Rule ${rule_id}, of which no version from then is stored`,
        ids,
      );
}

/** Evidence as the event it was, when its payload was kept whole. */
function eventOf({ payload_json, ...fields }: Evidence): EventRecord | undefined {
  try {
    return { ...fields, payload: JSON.parse(payload_json) as unknown };
  } catch {
    return undefined;
  }
}
