import { describe, expect, it } from 'vitest';

import {
  buildAlert,
  buildDelivery,
  buildPointer,
  buildTimer,
  BUILT_AT,
} from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';

import { decideAcknowledge } from './acknowledge.ts';
import { decideAssign } from './assign.ts';
import type { AlertCommand, AlertRows, Decision } from './decision.ts';
import { decideResolve } from './resolve.ts';
import { ALERT_STATES, type AlertState } from './schema.ts';
import { ALERT_ACTIONS, transition } from './transition.ts';
import { decideUnacknowledge } from './unacknowledge.ts';

const clock = { now: Date.parse(BUILT_AT) + 60_000 };
const AT = new Date(clock.now).toISOString();
const ctx = buildContext(clock);

function rowsIn(state: AlertState, alert: Partial<AlertRows['alert']> = {}): AlertRows {
  const resolved = state === 'RESOLVED' ? { resolved_at: BUILT_AT, resolved_by: 'user:sam' } : {};
  const acked = state === 'ACK' ? { acknowledged_by: 'user:sam' } : {};
  return {
    alert: buildAlert({ state, version: 3, revision: 9, ...acked, ...resolved, ...alert }),
    pointer: buildPointer({ state: state === 'RESOLVED' ? 'RESOLVED' : 'OPEN', revision: 2 }),
    deliveries: (['email', 'slack', 'pagerduty', 'webhook'] as const).map((channel) =>
      buildDelivery({
        channel,
        destination: `${channel}-ops`,
        status: 'SENT',
        sent: 'trigger',
        next_attempt_at: undefined,
        revision: 4,
      }),
    ),
    timers: state === 'OPEN' ? [buildTimer({ revision: 5 })] : [],
  };
}

const ACTIONS = {
  acknowledge: (rows: AlertRows, command: AlertCommand = {}) =>
    decideAcknowledge(rows, command, ctx),
  unacknowledge: (rows: AlertRows, command: AlertCommand = {}) =>
    decideUnacknowledge(rows, command, [buildPolicy()], ctx),
  resolve: (rows: AlertRows, command: AlertCommand = {}) => decideResolve(rows, command, ctx),
  assign: (rows: AlertRows, command: AlertCommand = {}) =>
    decideAssign(rows, { assigned_to: 'user:kim', ...command }, ctx),
} as const;
type Action = keyof typeof ACTIONS;

/** domain.md §3, written out: what every action does in every state. */
const EXPECTED: Record<Action, Record<AlertState, AlertState | 'unchanged' | 'refused'>> = {
  acknowledge: { OPEN: 'ACK', ACK: 'unchanged', RESOLVED: 'refused' },
  unacknowledge: { OPEN: 'unchanged', ACK: 'OPEN', RESOLVED: 'refused' },
  resolve: { OPEN: 'RESOLVED', ACK: 'RESOLVED', RESOLVED: 'unchanged' },
  assign: { OPEN: 'OPEN', ACK: 'ACK', RESOLVED: 'refused' },
};
const CASES = (Object.keys(EXPECTED) as Action[]).flatMap((action) =>
  ALERT_STATES.map((state) => ({ action, state, expected: EXPECTED[action][state] })),
);

function commitOf(decision: Decision) {
  expect(decision.kind).toBe('commit');
  return (decision as Extract<Decision, { kind: 'commit' }>).commit;
}

describe('every action in every state', () => {
  it.each(CASES)('$action of $state: $expected', ({ action, state, expected }) => {
    const rows = rowsIn(state);
    const decision = ACTIONS[action](rows);
    expect(decision.kind === 'commit' ? decision.alert.state : decision.kind).toBe(expected);
    if (decision.kind !== 'commit') expect(decision.alert).toBe(rows.alert);
  });

  it.each(CASES.filter(({ expected }) => expected !== 'unchanged' && expected !== 'refused'))(
    '$action of $state raises version and revision by one and says who did it, once',
    ({ action, state }) => {
      const rows = rowsIn(state);
      const commit = commitOf(ACTIONS[action](rows, { reason: 'because' }));
      const [change] = commit.changes;
      expect(change).toMatchObject({
        kind: 'alert',
        expected: 9,
        row: { version: 4, revision: 10 },
      });
      expect(commit.journal).toHaveLength(1);
      expect(commit.journal[0]).toMatchObject({
        actor: 'user:rosa',
        at: AT,
        reason: 'because',
        subject: { kind: 'alert', id: rows.alert.alert_id },
      });
      expect(commit.outbox).toHaveLength(1);
      expect(commit.outbox[0]!.envelope.payload.alert).toEqual(change!.row);
      expect(commit.changes.filter(({ kind }) => kind === 'touch')).toHaveLength(1);
    },
  );

  it.each(CASES)('$action of $state decided twice is the same rows', ({ action, state }) => {
    expect(ACTIONS[action](rowsIn(state))).toEqual(ACTIONS[action](rowsIn(state)));
  });

  it.each(CASES.filter(({ expected }) => expected !== 'unchanged'))(
    '$action of $state is refused to a caller who saw an older version',
    ({ action, state }) => {
      expect(ACTIONS[action](rowsIn(state), { if_version: 2 }).kind).toBe('refused');
    },
  );

  it.each(CASES.filter(({ expected }) => expected in { OPEN: 1, ACK: 1, RESOLVED: 1 }))(
    '$action of $state goes through for a caller who saw this version',
    ({ action, state }) => {
      expect(ACTIONS[action](rowsIn(state), { if_version: 3 }).kind).toBe('commit');
    },
  );

  it('has no state that an action leads to outside the three', () => {
    for (const action of ALERT_ACTIONS)
      for (const state of ALERT_STATES) {
        const move = transition(state, action);
        if (move.kind === 'moves') expect(ALERT_STATES).toContain(move.to);
      }
  });
});

describe('repeating with if_version', () => {
  it("takes the repeat of the caller's own lost answer for done", () => {
    const mine = rowsIn('ACK', { acknowledged_by: 'user:rosa' });
    expect(decideAcknowledge(mine, { if_version: 2 }, ctx).kind).toBe('unchanged');
    const resolved = rowsIn('RESOLVED', { resolved_by: 'user:rosa' });
    expect(decideResolve(resolved, { if_version: 2 }, ctx).kind).toBe('unchanged');
    expect(decideUnacknowledge(rowsIn('OPEN'), { if_version: 2 }, [], ctx).kind).toBe('unchanged');
  });

  it('shows the loser that somebody else was faster', () => {
    expect(decideAcknowledge(rowsIn('ACK'), { if_version: 2 }, ctx).kind).toBe('refused');
    expect(decideResolve(rowsIn('RESOLVED'), { if_version: 2 }, ctx).kind).toBe('refused');
    expect(decideUnacknowledge(rowsIn('OPEN'), { if_version: 1 }, [], ctx).kind).toBe('refused');
  });
});

describe('what a change of state takes with it', () => {
  const desired = (decision: Decision) =>
    Object.fromEntries(
      commitOf(decision).changes.flatMap((change) =>
        change.kind === 'delivery' ? [[change.row.channel, change.row.desired]] : [],
      ),
    );

  it('tells pagers and webhooks of an acknowledgement and stops the escalation', () => {
    const decision = decideAcknowledge(rowsIn('OPEN'), {}, ctx);
    expect(desired(decision)).toEqual({ pagerduty: 'acknowledge', webhook: 'acknowledge' });
    const commit = commitOf(decision);
    expect(commit.outbox[0]!.envelope.payload.channels).toEqual(['pagerduty', 'webhook']);
    expect(commit.changes).toContainEqual({
      kind: 'timer.delete',
      row: buildTimer({ revision: 5 }),
      expected: 5,
    });
    expect(commit.changes.some(({ kind }) => kind === 'pointer')).toBe(false);
  });

  it('tells pagers, webhooks and chat of a resolve, and lets every row expire', () => {
    const decision = decideResolve(rowsIn('OPEN'), {}, ctx);
    const commit = commitOf(decision);
    const expires_at = new Date(clock.now + 90 * 86_400_000).toISOString();
    const deliveries = commit.changes.flatMap((change) =>
      change.kind === 'delivery' ? [change.row] : [],
    );
    expect(deliveries).toHaveLength(4);
    expect(deliveries.every((row) => row.expires_at === expires_at)).toBe(true);
    expect(commit.outbox[0]!.envelope.payload.channels).toEqual(['pagerduty', 'slack', 'webhook']);
    expect(commit.changes).toContainEqual({
      kind: 'pointer',
      row: { ...rowsIn('OPEN').pointer, state: 'RESOLVED', resolved_at: AT, revision: 3 },
      expected: 2,
    });
    expect(commit.changes.filter(({ kind }) => kind === 'timer.delete')).toHaveLength(1);
  });

  it('leaves the pointer alone when it stands for a later episode', () => {
    const { pointer: _later, ...rows } = rowsIn('OPEN');
    const commit = commitOf(decideResolve(rows, {}, ctx));
    expect(commit.changes.some(({ kind }) => kind === 'pointer')).toBe(false);
  });

  it('starts the escalation again when an acknowledgement is taken back', () => {
    const rows = rowsIn('ACK');
    const told = rows.deliveries.map((row) =>
      row.channel === 'pagerduty'
        ? ({ ...row, desired: 'acknowledge', sent: 'acknowledge' } as const)
        : row,
    );
    const decision = decideUnacknowledge({ ...rows, deliveries: told }, {}, [buildPolicy()], ctx);
    expect(desired(decision)).toEqual({ pagerduty: 'trigger' });
    expect(decision.alert.acknowledged_by).toBeUndefined();
    expect(commitOf(decision).changes).toContainEqual({
      kind: 'timer',
      row: buildTimer({ due_at: new Date(clock.now + 15 * 60_000).toISOString() }),
      expected: 0,
    });
  });

  it.each([
    ['its policy is gone: the one that matches now begins', buildPolicy({ policy_id: 'other' })],
    ['its policy is disabled: the next that matches begins', buildPolicy({ policy_id: 'z' })],
  ])('goes on escalating when %s', (_, other) => {
    const off = buildPolicy({ enabled: false });
    const decision = decideUnacknowledge(rowsIn('ACK'), {}, [off, other], ctx);
    const timers = commitOf(decision).changes.flatMap((change) =>
      change.kind === 'timer' ? [change.row] : [],
    );
    expect(timers).toMatchObject([{ step: 2, policy_id: other.policy_id }]);
    expect(decision.alert.next_escalation_at).toBe(timers[0]!.due_at);
  });

  it('never outgrows one commit, however many were told: those who hear of it come first', () => {
    const rows = rowsIn('OPEN');
    const silent = Array.from({ length: 120 }, (_, n) =>
      buildDelivery({
        channel: 'email',
        destination: `mail-${n}`,
        sent: 'trigger',
        status: 'SENT',
        next_attempt_at: undefined,
      }),
    );
    const pager = buildDelivery({ sent: 'trigger', status: 'SENT', next_attempt_at: undefined });
    const decision = decideResolve({ ...rows, deliveries: [...silent, pager] }, {}, ctx);
    const { changes, journal, outbox } = commitOf(decision);
    expect(changes.length + journal.length + outbox.length).toBeLessThanOrEqual(100);
    expect(desired(decision)).toMatchObject({ pagerduty: 'resolve' });
  });

  it('assigns to somebody, and to nobody', () => {
    const assigned = decideAssign(rowsIn('OPEN'), { assigned_to: 'user:kim' }, ctx);
    expect(assigned.alert.assigned_to).toBe('user:kim');
    const rows = { ...rowsIn('OPEN'), alert: assigned.alert };
    expect(decideAssign(rows, { assigned_to: 'user:kim' }, ctx).kind).toBe('unchanged');
    const taken = decideAssign(rows, { assigned_to: null }, ctx);
    expect(taken.alert.assigned_to).toBeUndefined();
    expect(decideAssign(rowsIn('RESOLVED'), { assigned_to: null }, ctx).kind).toBe('unchanged');
  });
});
