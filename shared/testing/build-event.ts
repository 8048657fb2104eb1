import type { EventRecord } from '#shared/event/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A valid event of `metric.cpu`; fields given replace the built ones. */
export function buildEvent(fields: Partial<EventRecord> = {}): EventRecord {
  return {
    event_id: 'e-1',
    source: 'agent',
    type: 'metric.cpu',
    severity: 'WARN',
    timestamp: BUILT_AT,
    service: 'checkout',
    payload: { value_percent: 95 },
    ...fields,
  };
}
