import type { Inhibition } from '#shared/inhibition/schema.ts';
import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import type { Silence } from '#shared/silence/schema.ts';

import { BUILT_AT } from './build-alert.ts';

const STAMPS = { version: 1, author: 'user:ada', updated_at: BUILT_AT };

/** A silence of service `checkout` for two hours from `BUILT_AT` on; fields given replace the built ones. */
export function buildSilence(fields: Partial<Silence> = {}): Silence {
  return {
    silence_id: 'deploy',
    matchers: [{ field: 'service', op: '=', value: 'checkout' }],
    comment: 'a deploy',
    starts_at: BUILT_AT,
    ends_at: '2026-03-01T14:00:00.000Z',
    until_resolved: false,
    ...STAMPS,
    ...fields,
  };
}

/** One hour of maintenance of service `checkout` from `BUILT_AT` on, once. */
export function buildMaintenance(fields: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  return {
    maintenance_id: 'patching',
    comment: 'monthly patches',
    matchers: [{ field: 'service', op: '=', value: 'checkout' }],
    time_zone: 'UTC',
    starts_at: '2026-03-01T12:00',
    duration_minutes: 60,
    ...STAMPS,
    ...fields,
  };
}

/** While the database of a service is down, its CPU is nobody's news. */
export function buildInhibition(fields: Partial<Inhibition> = {}): Inhibition {
  return {
    inhibition_id: 'database-down',
    comment: 'what follows from a database that is down',
    source: [{ field: 'rule_id', op: '=', value: 'database-down' }],
    target: [{ field: 'rule_id', op: '=', value: 'cpu-high' }],
    equal: ['service'],
    holds_critical: false,
    ...STAMPS,
    ...fields,
  };
}
