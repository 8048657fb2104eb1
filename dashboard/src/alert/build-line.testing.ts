import type { AlertLine } from '#shared/live/schema.ts';

/** An alert line for tests; `overrides` win. */
export function buildLine(overrides: Partial<AlertLine> = {}): AlertLine {
  return {
    alert_id: 'alert-1',
    tenant: 'default',
    rule_id: 'disk-full',
    rule_version: 1,
    event_id: 'event-1',
    title: 'Disk /data is full',
    service: 'shop',
    severity: 'ERROR',
    group_key: '4:shop',
    group: { service: 'shop' },
    episode: 1,
    state: 'OPEN',
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    first_seen: '2026-01-01T00:00:00.000Z',
    last_seen: '2026-01-01T00:00:00.000Z',
    count: 1,
    escalation_level: 1,
    suppressed_by: [],
    version: 1,
    revision: 1,
    ...overrides,
  };
}
