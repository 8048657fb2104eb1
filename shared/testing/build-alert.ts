import type { Alert, AlertPointer } from '#shared/alert/schema.ts';
import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';

/** When everything built here happens, unless told otherwise. */
export const BUILT_AT = '2026-03-01T12:00:00.000Z';

/** A valid open alert of tenant `t1`; fields given replace the built ones. */
export function buildAlert(fields: Partial<Alert> = {}): Alert {
  return {
    alert_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    tenant: 't1',
    rule_id: 'cpu-high',
    rule_version: 1,
    event_id: 'e-1',
    title: 'CPU of checkout is high',
    service: 'checkout',
    severity: 'ERROR',
    labels: { team: 'payments' },
    group_key: '8:checkout',
    group: { service: 'checkout' },
    episode: 1,
    state: 'OPEN',
    created_at: BUILT_AT,
    updated_at: BUILT_AT,
    first_seen: BUILT_AT,
    last_seen: BUILT_AT,
    count: 1,
    escalation_level: 1,
    policy_id: 'default',
    suppressed_by: [],
    evidence: {
      first: [
        {
          event_id: 'e-1',
          timestamp: BUILT_AT,
          source: 'agent',
          type: 'metric.cpu',
          severity: 'ERROR',
          service: 'checkout',
          payload_json: '{"constructor":1}',
        },
      ],
      last: [],
    },
    explain: { detector: 'match', summary: 'matched', expected: 'none', observed: '1' },
    version: 1,
    revision: 1,
    ...fields,
  };
}

export function buildPointer(fields: Partial<AlertPointer> = {}): AlertPointer {
  return {
    tenant: 't1',
    rule_id: 'cpu-high',
    group_key: '8:checkout',
    alert_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    episode: 1,
    state: 'OPEN',
    revision: 1,
    ...fields,
  };
}

export function buildDelivery(fields: Partial<Delivery> = {}): Delivery {
  const row = {
    tenant: 't1',
    alert_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    step: 1,
    channel: 'pagerduty' as const,
    destination: 'pagerduty-ops',
    status: 'QUEUED' as const,
    desired: 'trigger' as const,
    attempts: 0,
    created_at: BUILT_AT,
    updated_at: BUILT_AT,
    desired_at: BUILT_AT,
    next_attempt_at: BUILT_AT,
    revision: 1,
    ...fields,
  };
  return { delivery_key: `${row.alert_id}|${row.step}|${row.destination}`, ...row };
}

export function buildTimer(fields: Partial<Timer> = {}): Timer {
  return {
    tenant: 't1',
    alert_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    step: 2,
    kind: 'escalate',
    due_at: '2026-03-01T12:15:00.000Z',
    policy_id: 'default',
    policy_version: 1,
    revision: 1,
    ...fields,
  };
}

export function buildSeries(fields: Partial<Series> = {}): Series {
  return {
    tenant: 't1',
    rule_id: 'cpu-high',
    series_key: '8:checkout',
    rule_version: 1,
    fence: { 'shardId-000000000000': '49590338271490256608559692538361571095921575989136588898' },
    state: Uint8Array.of(1, 2, 255),
    touched_at: BUILT_AT,
    idle_seconds: 7 * 86_400,
    revision: 1,
    ...fields,
  };
}

export function buildSeen(fields: Partial<SeenBucket> = {}): SeenBucket {
  return {
    tenant: 't1',
    rule_id: 'cpu-high',
    series_key: '8:checkout',
    bucket: 29_539_440,
    ids: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
    revision: 1,
    ...fields,
  };
}

export function buildEntry(fields: Partial<JournalEntry> = {}): JournalEntry {
  return {
    entry_id: digestUuid('entry', fields.action ?? '', fields.at ?? ''),
    tenant: 't1',
    subject: { kind: 'alert', id: 'aaaaaaaaaaaaaaaaaaaaaaaaaa' },
    action: 'alert.open',
    actor: 'system:detect',
    at: BUILT_AT,
    after: { state: 'OPEN', nested: { constructor: 1 } },
    correlation_id: 'c-1',
    security_level: 'internal',
    ...fields,
  };
}

export function buildOutbox(fields: Partial<OutboxRow> = {}): OutboxRow {
  const outbox_id = fields.outbox_id ?? digestUuid('outbox', fields.created_at ?? '');
  return {
    outbox_id,
    tenant: 't1',
    created_at: BUILT_AT,
    envelope: {
      id: outbox_id,
      type: 'alert.opened',
      source: 'sentry.alert',
      target: null,
      timestamp: Date.parse(BUILT_AT) / 1000,
      payload: { tenant: 't1', alert: { alert_id: 'a' }, channels: ['pagerduty'] },
      meta: { correlation_id: 'c-1', version: '1.0' },
    },
    ...fields,
  };
}
