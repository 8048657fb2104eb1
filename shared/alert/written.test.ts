import { describe, expect, it } from 'vitest';

import {
  buildAlert,
  buildDelivery,
  buildPointer,
  buildTimer,
  BUILT_AT,
} from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildFinding, buildPolicy } from '#shared/testing/build-finding.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';

import { decideAcknowledge } from './acknowledge.ts';
import { decideAssign } from './assign.ts';
import { countOccurrences } from './count-occurrences.ts';
import type { AlertCommand, AlertRows, Decision } from './decision.ts';
import { openAlert } from './open-alert.ts';
import { reopenAlert } from './reopen-alert.ts';
import { decideResolve } from './resolve.ts';
import type { Alert, AlertState } from './schema.ts';
import { decideUnacknowledge } from './unacknowledge.ts';

const clock = { now: Date.parse(BUILT_AT) + 60_000 };
const AT = new Date(clock.now).toISOString();
const ctx = buildContext(clock, { ip_address: '192.0.2.7' });
const response: ResponseRules = { ...NO_RESPONSE, policies: [buildPolicy()] };

const FIELDS: Record<AlertState, Partial<Alert>> = {
  OPEN: {},
  ACK: { acknowledged_by: 'user:sam' },
  RESOLVED: { resolved_by: 'user:sam', resolved_at: BUILT_AT },
};
const rowsIn = (state: AlertState, fields: Partial<Alert> = {}) => ({
  alert: buildAlert({ state, version: 3, revision: 9, ...FIELDS[state], ...fields }),
  pointer: buildPointer({ state: state === 'RESOLVED' ? 'RESOLVED' : 'OPEN', revision: 2 }),
  deliveries: [
    buildDelivery({ status: 'SENT', sent: 'trigger', next_attempt_at: undefined, revision: 4 }),
    buildDelivery({ channel: 'webhook', destination: 'hook-ops', revision: 2 }),
  ],
  timers: state === 'OPEN' ? [buildTimer({ revision: 5 })] : [],
});
const needsTwo = { acknowledgements_needed: 2 };

/** Each change of an alert: from where, and what the journal is to say of it. */
const CHANGES: {
  name: string;
  rows: AlertRows;
  decide: (rows: AlertRows, command: AlertCommand) => Decision;
  says: object;
}[] = [
  {
    name: 'acknowledge',
    rows: rowsIn('OPEN'),
    decide: (rows, command) => decideAcknowledge(rows, command, ctx),
    says: {
      action: 'alert.acknowledge',
      before: { state: 'OPEN' },
      after: { state: 'ACK', acknowledged_by: 'user:rosa' },
    },
  },
  {
    name: 'acknowledge in part',
    rows: rowsIn('OPEN', needsTwo),
    decide: (rows, command) => decideAcknowledge(rows, command, ctx),
    says: { action: 'alert.acknowledge_in_part', after: { acknowledged: 1, needed: 2 } },
  },
  {
    name: 'acknowledge as the last of several',
    rows: rowsIn('OPEN', {
      ...needsTwo,
      acknowledgements: [{ actor: 'user:sam', at: BUILT_AT }],
    }),
    decide: (rows, command) => decideAcknowledge(rows, command, ctx),
    says: { action: 'alert.acknowledge', after: { state: 'ACK', acknowledged_by: 'user:rosa' } },
  },
  {
    name: 'take back',
    rows: rowsIn('ACK'),
    decide: (rows, command) => decideUnacknowledge(rows, command, [buildPolicy()], ctx),
    says: {
      action: 'alert.unacknowledge',
      before: { state: 'ACK', acknowledged_by: 'user:sam' },
      after: {
        state: 'OPEN',
        trace: [{ step: 'policy', outcome: 'told_again', id: 'default' }],
      },
    },
  },
  {
    name: 'resolve',
    rows: rowsIn('ACK'),
    decide: (rows, command) => decideResolve(rows, command, ctx),
    says: {
      action: 'alert.resolve',
      before: { state: 'ACK' },
      after: { state: 'RESOLVED', resolved_by: 'user:rosa' },
    },
  },
  {
    name: 'assign',
    rows: rowsIn('OPEN', { assigned_to: 'user:sam' }),
    decide: (rows, command) => decideAssign(rows, { assigned_to: 'user:kim', ...command }, ctx),
    says: {
      action: 'alert.assign',
      before: { assigned_to: 'user:sam' },
      after: { assigned_to: 'user:kim' },
    },
  },
];

function committed(decision: Decision) {
  expect(decision.kind).toBe('commit');
  return decision as Extract<Decision, { kind: 'commit' }>;
}

/** What every commit about an alert holds, whatever it is about. */
function expectWhole(decision: Decision, rows: Partial<AlertRows>): void {
  const { commit, alert } = committed(decision);
  expect(alert.updated_at).toBe(AT);
  expect(alert.revision).toBe((rows.alert?.revision ?? 0) + 1);
  const kept = commit.changes.filter(({ kind }) => kind === 'alert');
  expect(kept).toEqual([{ kind: 'alert', row: alert, expected: rows.alert?.revision ?? 0 }]);
  // Viewers see exactly what was written, last of all.
  expect(commit.changes.at(-1)).toEqual({ kind: 'touch', row: alert });
  const deliveries = new Map((rows.deliveries ?? []).map((row) => [row.delivery_key, row]));
  for (const change of commit.changes) {
    if (change.kind === 'touch' || change.kind === 'timer.delete') continue;
    expect(change.row.revision).toBe(change.expected + 1);
    if (change.kind !== 'delivery') continue;
    expect(change.row.updated_at).toBe(AT);
    deliveries.set(change.row.delivery_key, change.row);
  }
  for (const { payload } of commit.outbox.map(({ envelope }) => envelope)) {
    const owed = [...deliveries.values()].filter((row) => row.next_attempt_at !== undefined);
    expect(payload).toMatchObject({ tenant: 't1', alert });
    expect(payload.channels).toEqual([...new Set(owed.map(({ channel }) => channel))].sort());
  }
}

describe('a change that a person makes', () => {
  it.each(CHANGES)('$name: rows, viewers and receivers in one commit', ({ rows, decide }) => {
    expectWhole(decide(rows, {}), rows);
  });

  it.each(CHANGES)('$name: the journal says who, what, when and why', ({ rows, decide, says }) => {
    const { commit } = committed(decide(rows, { reason: 'because' }));
    expect(commit.journal).toHaveLength(1);
    expect(commit.journal[0]).toMatchObject({
      ...says,
      tenant: 't1',
      subject: { kind: 'alert', id: rows.alert.alert_id },
      actor: 'user:rosa',
      at: AT,
      reason: 'because',
      correlation_id: 'c-1',
      ip_address: '192.0.2.7',
      security_level: 'internal',
    });
    expect(commit.outbox).toHaveLength(1);
  });

  it('of two people at one version are two entries, each told to the bus', () => {
    const rows = rowsIn('OPEN', { acknowledgements_needed: 3 });
    const said = ['user:rosa', 'user:kim'].map(
      (actor) => committed(decideAcknowledge(rows, {}, { ...ctx, actor })).commit,
    );
    expect(new Set(said.map(({ journal }) => journal[0]!.entry_id)).size).toBe(2);
    expect(new Set(said.map(({ outbox }) => outbox[0]!.outbox_id)).size).toBe(2);
  });

  it('has ids of its own: no other alert, version or kind of change has the same', () => {
    const said = [
      decideAcknowledge(rowsIn('OPEN'), {}, ctx),
      decideAcknowledge(rowsIn('OPEN', { alert_id: 'b'.repeat(26) }), {}, ctx),
      decideAcknowledge(rowsIn('OPEN', { version: 4 }), {}, ctx),
      decideResolve(rowsIn('OPEN'), {}, ctx),
      decideAssign(rowsIn('OPEN'), { assigned_to: 'user:kim' }, ctx),
    ].map((decision) => committed(decision).commit);
    expect(new Set(said.map(({ journal }) => journal[0]!.entry_id)).size).toBe(5);
    expect(new Set(said.map(({ outbox }) => outbox[0]!.outbox_id)).size).toBe(5);
  });

  it('acknowledges for as long as the policy says, in whole milliseconds', () => {
    const rows = rowsIn('OPEN', { ack_timeout_minutes: 30 });
    const { alert, commit } = committed(decideAcknowledge(rows, {}, ctx));
    const due_at = new Date(clock.now + 30 * 60_000).toISOString();
    expect(alert.next_escalation_at).toBe(due_at);
    expect(commit.changes.filter(({ kind }) => kind.startsWith('timer'))).toMatchObject([
      { kind: 'timer.delete', expected: 5 },
      { kind: 'timer', row: { kind: 'ack_timeout', step: 0, due_at, revision: 1 }, expected: 0 },
    ]);
  });

  it('of one who said so already changes nothing while others are needed', () => {
    const acknowledgements = [{ actor: 'user:rosa', at: BUILT_AT }];
    const rows = rowsIn('OPEN', { acknowledgements_needed: 3, acknowledgements });
    expect(decideAcknowledge(rows, {}, ctx)).toEqual({ kind: 'unchanged', alert: rows.alert });
  });

  it('gives what nobody had: the journal says so', () => {
    const { commit } = committed(decideAssign(rowsIn('OPEN'), { assigned_to: 'user:kim' }, ctx));
    expect(commit.journal[0]!.before).toStrictEqual({ assigned_to: null });
  });

  it('as the last of several names all of them', () => {
    const first = { actor: 'user:sam', at: BUILT_AT };
    const rows = rowsIn('OPEN', { ...needsTwo, acknowledgements: [first] });
    const { alert } = committed(decideAcknowledge(rows, {}, ctx));
    expect(alert).toMatchObject({ state: 'ACK', version: 4 });
    expect(alert.acknowledgements).toEqual([first, { actor: 'user:rosa', at: AT }]);
  });

  it('in part leaves the alert open, its version and its escalation as they were', () => {
    const rows = rowsIn('OPEN', needsTwo);
    const { alert, commit } = committed(decideAcknowledge(rows, {}, ctx));
    expect(alert).toEqual({
      ...rows.alert,
      acknowledgements: [{ actor: 'user:rosa', at: AT }],
      updated_at: AT,
      revision: 10,
    });
    expect(commit.changes.map(({ kind }) => kind)).toEqual(['alert', 'touch']);
  });
});

describe('a change that a finding makes', () => {
  const finding = buildFinding();

  it('opens, counts and reopens with rows, viewers and receivers in one commit', () => {
    expectWhole(openAlert(undefined, finding, response, ctx), {});
    const open = rowsIn('OPEN');
    expectWhole(countOccurrences(open, finding, response, ctx), open);
    const resolved = rowsIn('RESOLVED');
    expectWhole(reopenAlert(resolved, finding, response, ctx), resolved);
  });

  it('lets people know when the trial of an alert is over, with the trace of who is told', () => {
    const rows = rowsIn('OPEN', {
      severity: 'INFO',
      suppressed_by: [{ reason: 'warming' }],
      escalation_level: 0,
      policy_id: undefined,
    });
    const trial = { ...rows, deliveries: [], timers: [] };
    const decision = countOccurrences(trial, finding, response, ctx);
    expectWhole(decision, trial);
    const { action, after } = decision.commit.journal[0]!;
    expect(action).toBe('alert.unsuppress');
    expect(after).toMatchObject({ severity: finding.rule.severity, suppressed_by: [] });
    expect((after!.trace as unknown[]).length).toBeGreaterThan(0);
    const kinds = new Set(decision.commit.changes.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['alert', 'delivery', 'timer', 'touch']));
  });

  it('graver than the alert says from what to what, and tells viewers', () => {
    const rows = rowsIn('OPEN', { severity: 'INFO' });
    const decision = countOccurrences(rows, finding, response, ctx);
    expectWhole(decision, rows);
    expect(decision.commit.journal[0]).toMatchObject({
      action: 'alert.severity_changed',
      before: { severity: 'INFO', suppressed_by: [] },
      after: { severity: decision.alert.severity, suppressed_by: [] },
    });
    expect(decision.commit.journal[0]!.after).not.toHaveProperty('trace');
    // Nothing holds it back, so there is nothing to decide anew.
    expect(decision.commit.changes.map(({ kind }) => kind)).toEqual(['alert', 'touch']);
    expect(decision.alert).toMatchObject({ version: 4, severity: finding.rule.severity });
  });

  it('comes back: the journal says from where, the alert is nobody’s and the pointer is open', () => {
    const rows = rowsIn('RESOLVED', {
      acknowledged_by: 'user:sam',
      acknowledgements: [{ actor: 'user:sam', at: BUILT_AT }],
    });
    const { alert, commit } = committed(reopenAlert(rows, finding, response, ctx));
    expect(alert).toMatchObject({ state: 'OPEN', reopened_at: AT, version: 4 });
    for (const gone of ['resolved_by', 'resolved_at', 'acknowledged_by', 'acknowledgements'])
      expect(alert).not.toHaveProperty(gone);
    expect(commit.journal[0]).toMatchObject({
      before: { state: 'RESOLVED', resolved_by: 'user:sam', resolved_at: BUILT_AT },
      after: { state: 'OPEN', trace: [{ outcome: 'told_again', id: 'default' }] },
    });
    const pointer = commit.changes.find(({ kind }) => kind === 'pointer');
    expect(pointer).toMatchObject({ row: { state: 'OPEN', revision: 3 }, expected: 2 });
    expect(pointer?.row).not.toHaveProperty('resolved_at');
  });
});
