import type { Evidence } from '#shared/alert/schema.ts';

import type { Call } from '#dashboard/api/http.ts';

const ALERTS_MAX = 20;
export const RECENT_MAX = 50;

/**
 * The last real events that alerts hold as evidence, oldest first, at most 50: the live feed carries no
 * payloads, and a rule without them would be tried on half of an event.
 */
export async function readRecentEvents(call: Call): Promise<Record<string, unknown>[]> {
  const { items } = await call('alerts.list', { limit: ALERTS_MAX });
  const alerts = await Promise.all(
    items.map(({ alert_id }) => call('alerts.get', { alert_id }).catch(() => undefined)),
  );
  const byId = new Map(
    alerts
      .flatMap((alert) => (alert ? [...alert.evidence.first, ...alert.evidence.last] : []))
      .map((event) => [event.event_id, event]),
  );
  return [...byId.values()]
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
    .slice(-RECENT_MAX)
    .map(asEvent)
    .filter((event) => event !== undefined);
}

/** As a producer would send it; undefined when its payload was cut. */
export function asEvent({ payload_json, ...event }: Evidence): Record<string, unknown> | undefined {
  try {
    return { ...event, payload: JSON.parse(payload_json) as unknown };
  } catch {
    return undefined;
  }
}
