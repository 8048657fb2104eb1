import type { Alert } from '#shared/alert/schema.ts';
import { alertId } from '#shared/kernel/id.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { RuleMatch } from '#shared/rule/compile-rule-set.ts';

import type { Arrived } from './find-event.ts';

/** Episodes of a group that are looked at, newest first. */
const EPISODES_MAX = 100;

/**
 * The alert that an event is counted on: the episode of its group that holds it as evidence, or that was
 * not over when it arrived and spans its time. Throws `unavailable`.
 */
export async function findAlert(
  work: Pick<WorkStore, 'getPointers' | 'getAlerts'>,
  tenant: string,
  { compiled, group_key }: RuleMatch,
  { event, arrived_at }: Arrived,
): Promise<Alert | undefined> {
  const { rule_id } = compiled.rule;
  const [pointer] = await work.getPointers(tenant, [{ rule_id, group_key }]);
  if (!pointer) return undefined;
  const count = Math.min(pointer.episode, EPISODES_MAX);
  const ids = Array.from({ length: count }, (_, back) =>
    alertId(tenant, rule_id, group_key, pointer.episode - back),
  );
  const alerts = (await work.getAlerts(tenant, ids)).filter((alert) => alert !== undefined);
  const isEvidence = ({ evidence: { first, last } }: Alert) =>
    [...first, ...last].some(({ event_id }) => event_id === event.event_id);
  const at = Date.parse(event.timestamp);
  const isWithin = ({ first_seen, last_seen, resolved_at }: Alert) =>
    Date.parse(first_seen) <= at &&
    at <= Date.parse(last_seen) &&
    (resolved_at === undefined || Date.parse(resolved_at) >= arrived_at);
  return alerts.find(isEvidence) ?? alerts.find(isWithin);
}
