import type { Alert } from '#shared/alert/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { BacktestResult } from './schema.ts';

/** Live alerts looked at, newest first: more than any list of alerts that people work with. */
const LIVE_ALERTS_MAX = 5_000;
/** Shared events told apart by id; beyond it an event that came twice counts twice. */
const EVENT_IDS_MAX = 100_000;
const ALERT_IDS_SHOWN = 10;
const RULES_SHOWN = 50;

/** The tenant's newest alerts without their evidence, at most 5,000. Throws `unavailable`. */
export async function readLiveAlerts(
  work: Pick<WorkStore, 'listAlerts'>,
  tenant: string,
): Promise<Alert[]> {
  const alerts: Alert[] = [];
  let cursor: string | undefined;
  do {
    const page = await work.listAlerts(
      tenant,
      {},
      { limit: 100, ...(cursor !== undefined && { cursor }) },
    );
    for (const alert of page.items) alerts.push({ ...alert, evidence: { first: [], last: [] } });
    cursor = page.cursor;
  } while (cursor !== undefined && alerts.length < LIVE_ALERTS_MAX);
  return alerts;
}

/** Counts the events that live alerts hold as well. */
export interface Overlap {
  see(event: EventRecord): void;
  result(): BacktestResult['overlap'];
}

/**
 * An event is shared with a live alert when the alert's rule selects it into the alert's group, within
 * the time from the alert's first event to its last.
 */
export function openOverlap(
  liveRules: readonly DetectionRule[],
  liveAlerts: readonly Alert[],
): Overlap {
  const alerts = Map.groupBy(liveAlerts, (alert) => nameOf(alert.rule_id, alert.group_key));
  const alerting = new Set(liveAlerts.map(({ rule_id }) => rule_id));
  const set = compileRuleSet(liveRules.filter(({ rule_id }) => alerting.has(rule_id)));
  const shared = new Map<string, { events: number; alertIds: Set<string> }>();
  const seen = new Set<string>();

  function share({ rule_id, alert_id }: Alert, eventId: string): void {
    const once = nameOf(alert_id, eventId);
    if (seen.has(once)) return;
    if (seen.size < EVENT_IDS_MAX) seen.add(once);
    const found = shared.get(rule_id) ?? { events: 0, alertIds: new Set<string>() };
    found.events++;
    found.alertIds.add(alert_id);
    shared.set(rule_id, found);
  }

  return {
    see(event) {
      if (alerting.size === 0) return;
      for (const { compiled, group_key } of set.match(event).matches)
        for (const alert of alerts.get(nameOf(compiled.rule.rule_id, group_key)) ?? [])
          if (alert.first_seen <= event.timestamp && event.timestamp <= alert.last_seen)
            share(alert, event.event_id);
    },
    result: () =>
      [...shared]
        .map(([rule_id, { events, alertIds }]) => ({
          rule_id,
          name: set.rules.get(rule_id)?.rule.name ?? rule_id,
          shared_events: events,
          alerts: alertIds.size,
          alert_ids: [...alertIds].slice(0, ALERT_IDS_SHOWN),
        }))
        .sort((a, b) => b.shared_events - a.shared_events || (a.rule_id < b.rule_id ? -1 : 1))
        .slice(0, RULES_SHOWN),
  };
}

function nameOf(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}
