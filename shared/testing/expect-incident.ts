import { expect } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Incident } from '#shared/incident/schema.ts';
import type { Commit } from '#shared/ports/work-store.ts';

import { buildAlert, BUILT_AT } from './build-alert.ts';

/** When what these checks are given was decided: a minute after everything was built. */
export const DECIDED_AT = new Date(Date.parse(BUILT_AT) + 60_000).toISOString();

/** One thing that happened to an incident: its journal entry, and the announcement's type. */
export interface Told {
  action: string;
  type?: string;
  before?: object;
  after?: object;
  reason?: string;
}

/** Each entry and announcement of an incident, whole; ids are looked at apart. */
export function expectTold(
  { journal, outbox }: Pick<Commit, 'journal' | 'outbox'>,
  incident: Incident,
  told: readonly Told[],
): void {
  const { incident_id } = incident;
  const entries = journal.filter(({ subject }) => subject.kind === 'incident');
  expect(entries).toStrictEqual(
    told.map(({ type: _type, ...said }): JournalEntry => ({
      entry_id: expect.any(String) as string,
      tenant: 't1',
      subject: { kind: 'incident', id: incident_id },
      actor: 'user:rosa',
      at: DECIDED_AT,
      correlation_id: 'c-1',
      ip_address: '192.0.2.7',
      security_level: 'internal',
      ...(said as { action: string }),
    })),
  );
  const rows = outbox.filter(({ envelope }) => envelope.source === 'sentry.incident');
  const types = told.flatMap(({ type }) => type ?? []);
  expect(rows).toStrictEqual(
    types.map((type): OutboxRow => {
      const id = expect.any(String) as string;
      return {
        outbox_id: id,
        tenant: 't1',
        created_at: DECIDED_AT,
        envelope: {
          id,
          type,
          source: 'sentry.incident',
          target: null,
          timestamp: Date.parse(DECIDED_AT) / 1000,
          payload: { tenant: 't1', incident },
          meta: { correlation_id: 'c-1', version: '1.0' },
        },
      };
    }),
  );
}

/** The alert that an escalation opens, told under the one policy, whole. */
export function expectEscalationAlert(
  commit: Commit,
  alert_id: string,
  fields: Partial<Alert>,
): void {
  const opened = commit.changes.filter(({ kind, row }) => {
    return kind === 'alert' && row.alert_id === alert_id;
  });
  const row: Alert = {
    alert_id,
    tenant: 't1',
    rule_id: 'sentry-incident-escalation',
    rule_version: 1,
    event_id: 'e-1',
    service: 'checkout',
    severity: 'ERROR',
    labels: { team: 'payments' },
    group: {},
    episode: 1,
    state: 'OPEN',
    created_at: DECIDED_AT,
    updated_at: DECIDED_AT,
    first_seen: DECIDED_AT,
    last_seen: DECIDED_AT,
    count: 1,
    escalation_level: 1,
    next_escalation_at: new Date(Date.parse(DECIDED_AT) + 15 * 60_000).toISOString(),
    policy_id: 'default',
    suppressed_by: [],
    evidence: { first: buildAlert().evidence.first, last: [] },
    version: 1,
    revision: 1,
    ...(fields as Pick<Alert, 'title' | 'group_key' | 'explain'>),
  };
  expect(opened).toStrictEqual([{ kind: 'alert', row, expected: 0 }]);
  expect(commit.changes.at(-1)).toStrictEqual({ kind: 'touch', row });
  const own = commit.changes.filter(
    ({ kind, row }) => kind !== 'touch' && 'alert_id' in row && row.alert_id === alert_id,
  );
  expect(own.map((change) => [change.kind, 'expected' in change && change.expected])).toEqual([
    ['alert', 0],
    ...Array.from({ length: 4 }, () => ['delivery', 0]),
    ['timer', 0],
  ]);
  const timer = own.find(({ kind }) => kind === 'timer');
  expect(timer!.row).toMatchObject({ step: 2, due_at: row.next_escalation_at });
  const entry = commit.journal.find(({ subject }) => subject.id === alert_id);
  expect(entry).toMatchObject({
    action: 'alert.open',
    after: {
      state: 'OPEN',
      severity: 'ERROR',
      title: row.title,
      episode: 1,
      incident_id: row.incident_id,
    },
  });
  expect(entry!.after).not.toHaveProperty('suppressed_by');
  expect(entry!.after!.trace).toHaveLength(5);
  const envelopes = commit.outbox.map(({ envelope }) => envelope);
  expect(envelopes.findLast(({ type }) => type === 'alert.opened')).toMatchObject({
    payload: { alert: row, channels: ['email', 'pagerduty', 'slack', 'webhook'] },
  });
}
