import { describe, expect, it } from 'vitest';

import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { buildAlert, buildDelivery, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { choosePolicy } from './choose-policy.ts';
import { decideAckTimeout } from './decide-ack-timeout.ts';
import { decideEscalate } from './decide-escalate.ts';
import { dropTimer } from './drop-timer.ts';
import { planResume } from './plan-resume.ts';
import { planOnward, takeStep } from './plan-step.ts';
import type { EscalationPolicy, Timer } from './schema.ts';
import { withPlan } from './with-plan.ts';

const clock = { now: Date.parse(BUILT_AT) + 15 * 60_000 };
const AT = new Date(clock.now).toISOString();
const later = (minutes: number) => new Date(clock.now + minutes * 60_000).toISOString();
const ctx = buildContext(clock, { actor: 'system:escalate' });
const step = (delay_minutes: number, ...destinations: string[]) => ({
  delay_minutes,
  targets: destinations.map((destination) => ({ channel: 'webhook' as const, destination })),
});
const policy = buildPolicy({
  version: 7,
  steps: [step(0, 'one'), step(5, 'two'), step(9, 'three')],
});
const under = (...policies: EscalationPolicy[]): ResponseRules => ({ ...NO_RESPONSE, policies });

function committed(decision: Decision) {
  if (decision.kind !== 'commit') expect.unreachable(decision.kind);
  return decision;
}
const delivered = (n: number, destination: string) =>
  buildDelivery({
    step: n,
    channel: 'webhook',
    destination,
    created_at: AT,
    updated_at: AT,
    desired_at: AT,
    next_attempt_at: AT,
  });
const timed = (n: number, fields: Partial<Timer> = {}): Timer =>
  buildTimer({ step: n, policy_version: 7, ...fields });
const toldOf = ({ delivery_key, destination }: { delivery_key: string; destination: string }) => ({
  step: 'escalation_step',
  outcome: 'told',
  id: delivery_key,
  detail: `webhook ${destination}`,
});
const escalate = (fields: Partial<Alert>, rules: ResponseRules, level = 2) => {
  const alert = buildAlert({ version: 3, revision: 9, next_escalation_at: AT, ...fields });
  const timer = timed(level, { revision: 4 });
  const rows: AlertRows = {
    alert,
    deliveries: [buildDelivery({ status: 'SENT', sent: 'trigger', next_attempt_at: undefined })],
    timers: [timer],
  };
  return { ...committed(decideEscalate(rows, timer, rules, ctx)), alert, timer };
};

describe('a step that is taken is written whole', () => {
  it('with its messages, its level, the next timer, and why', () => {
    const { alert, timer, commit, ...after } = escalate(
      { suppressed_by: [{ reason: 'silence', id: 'over' }] },
      under(policy),
    );
    const row: Alert = {
      ...alert,
      escalation_level: 2,
      suppressed_by: [],
      next_escalation_at: later(9),
      updated_at: AT,
      revision: 10,
    };
    expect(commit.changes).toStrictEqual([
      { kind: 'alert', row, expected: 9 },
      { kind: 'delivery', row: delivered(2, 'two'), expected: 0 },
      { kind: 'timer.delete', row: timer, expected: 4 },
      { kind: 'timer', row: timed(3, { due_at: later(9) }), expected: 0 },
      { kind: 'touch', row },
    ]);
    expect(after.kind).toBe('commit');
    expect(commit.journal).toMatchObject([
      {
        action: 'alert.escalate',
        at: AT,
        before: { escalation_level: 1 },
        after: {
          escalation_level: 2,
          trace: [
            { step: 'policy', outcome: 'followed', id: 'default', version: 7 },
            toldOf(delivered(2, 'two')),
          ],
        },
      },
    ]);
    expect(commit.outbox.map(({ envelope }) => envelope)).toMatchObject([
      { type: 'alert.escalated', payload: { alert: row, channels: ['webhook'] } },
    ]);
  });

  it('under another policy it begins that at the level reached', () => {
    const other = buildPolicy({ policy_id: 'other', steps: [step(3, 'first'), step(1, 'last')] });
    const own = { ...policy, enabled: false };
    const { alert, commit } = escalate({}, under(own, other));
    const [change] = commit.changes;
    expect(change!.row).toStrictEqual({
      ...alert,
      policy_id: 'other',
      escalation_level: 2,
      escalation_from: 1,
      next_escalation_at: later(1),
      updated_at: AT,
      revision: 10,
    });
    expect(commit.journal[0]!.after).toMatchObject({
      trace: [{ outcome: 'chosen', id: 'other', version: 1 }, { outcome: 'told' }],
    });
    // Its own policy does not begin anew.
    expect(escalate({}, under(policy)).commit.changes[0]!.row).not.toHaveProperty(
      'escalation_from',
    );
  });

  it('that reaches nobody says so, whatever it wrote', () => {
    const { alert, commit } = escalate({}, NO_RESPONSE);
    const { next_escalation_at: _none, ...rest } = alert;
    const row = { ...rest, updated_at: AT, revision: 10 };
    expect(commit.changes.map(({ kind }) => kind)).toEqual(['alert', 'timer.delete', 'touch']);
    expect(commit.changes[0]!.row).toStrictEqual(row);
    expect(commit.journal).toMatchObject([
      {
        action: 'alert.escalate_to_nobody',
        after: { trace: [{ step: 'policy', outcome: 'none_matches' }] },
      },
    ]);
  });

  it('has ids of its own, though the alert’s version stays', () => {
    const said = [1, 2].map((level) => {
      return escalate({ escalation_level: level, revision: 8 + level }, under(policy), level + 1);
    });
    expect(new Set(said.map(({ commit }) => commit.journal[0]!.entry_id)).size).toBe(2);
    expect(new Set(said.map(({ commit }) => commit.outbox[0]!.outbox_id)).size).toBe(2);
  });
});

describe('an acknowledgement that runs out is written whole', () => {
  const acked = buildAlert({
    state: 'ACK',
    acknowledged_by: 'user:sam',
    acknowledgements: [{ actor: 'user:sam', at: BUILT_AT }],
    escalation_level: 2,
    next_escalation_at: AT,
    version: 3,
    revision: 9,
  });
  const silent = { status: 'SENT', sent: 'acknowledge', desired: 'acknowledge' } as const;
  const told = (n: number, destination: string) =>
    buildDelivery({
      step: n,
      channel: 'webhook',
      destination,
      ...silent,
      next_attempt_at: undefined,
      revision: 5,
    });
  const timer = timed(0, { kind: 'ack_timeout', revision: 4 });
  const end = (fields: Partial<Alert>, destinations: string[], rules: ResponseRules) => {
    const deliveries = destinations.map((destination, at) => told(at + 1, destination));
    const rows = { alert: { ...acked, ...fields }, deliveries, timers: [timer] };
    return committed(decideAckTimeout(rows, timer, rules, ctx)).commit;
  };
  const again = { step: 'policy', outcome: 'told_again', id: 'default' };

  it('its policy begins anew, and whom later steps told is told again', () => {
    const { acknowledged_by: _by, acknowledgements: _all, ...rest } = acked;
    const row: Alert = {
      ...rest,
      state: 'OPEN',
      escalation_from: 2,
      escalation_level: 3,
      next_escalation_at: later(5),
      updated_at: AT,
      version: 4,
      revision: 10,
    };
    const { changes, journal, outbox } = end({}, ['one', 'two'], under(policy));
    expect(changes).toStrictEqual([
      { kind: 'alert', row, expected: 9 },
      expect.objectContaining({ kind: 'delivery', expected: 5 }),
      { kind: 'delivery', row: delivered(3, 'one'), expected: 0 },
      { kind: 'timer.delete', row: timer, expected: 4 },
      { kind: 'timer', row: timed(4, { due_at: later(5) }), expected: 0 },
      { kind: 'touch', row },
    ]);
    expect(journal).toMatchObject([
      {
        action: 'alert.ack_timeout',
        before: { state: 'ACK', acknowledged_by: 'user:sam' },
      },
    ]);
    expect(journal[0]!.after).toStrictEqual({
      state: 'OPEN',
      trace: [
        { step: 'policy', outcome: 'chosen', id: 'default', version: 7 },
        toldOf(delivered(3, 'one')),
        again,
      ],
    });
    expect(outbox[0]!.envelope.type).toBe('alert.ack_timed_out');
  });

  it('the journal says that somebody is told again only where somebody is', () => {
    const traceOf = (...args: Parameters<typeof end>) => end(...args).journal[0]!.after!.trace;
    expect(traceOf({}, ['one'], under(policy))).not.toContainEqual(again);
    expect(traceOf({}, [], under(policy))).not.toContainEqual(again);
    const silenced = { ...under(policy), silences: [buildSilence()] };
    expect(traceOf({}, ['two'], silenced)).toEqual([
      { step: 'suppression', outcome: 'held_back', id: 'deploy', version: 1, detail: 'silence' },
    ]);
    const { policy_id: _none, ...without } = acked;
    const rows = { alert: without, deliveries: [told(1, 'two')], timers: [timer] };
    const { journal } = committed(decideAckTimeout(rows, timer, NO_RESPONSE, ctx)).commit;
    expect(journal[0]!.after!.trace).toStrictEqual([
      { step: 'policy', outcome: 'none_matches' },
      { step: 'policy', outcome: 'told_again' },
    ]);
  });
});

describe('a timer that stands for nothing', () => {
  it.each([
    ['the step it was shown as goes with it', AT, undefined],
    ['another step stays shown', later(5), later(5)],
    ['no step is made up', undefined, undefined],
  ])('%s', (_name, shown, left) => {
    const alert = buildAlert({ revision: 9, ...(shown && { next_escalation_at: shown }) });
    const timer = timed(2, { due_at: AT, revision: 4 });
    const { next_escalation_at: _shown, ...rest } = alert;
    const row = { ...rest, ...(left && { next_escalation_at: left }), revision: 10 };
    expect(dropTimer({ alert, deliveries: [], timers: [timer] }, timer)).toStrictEqual({
      kind: 'commit',
      alert: row,
      commit: {
        changes: [
          { kind: 'alert', row, expected: 9 },
          { kind: 'timer.delete', row: timer, expected: 4 },
          { kind: 'touch', row },
        ],
        journal: [],
        outbox: [],
      },
    });
  });
});

describe('the escalation of an alert that is open again', () => {
  const alert = buildAlert({ escalation_level: 1 });
  const other = buildPolicy({ policy_id: 'other', order: 0, steps: [step(3, 'first')] });

  it('goes on where its policy stood, or begins the one that matches now', () => {
    const own = timed(2, { due_at: later(5) });
    expect(planResume([other, policy], alert, AT)).toStrictEqual(own);
    const begun = buildTimer({ step: 2, policy_id: 'other', due_at: later(3) });
    const off = { ...policy, enabled: false };
    for (const policies of [[other], [off, other]])
      expect(planResume(policies, alert, AT)).toStrictEqual(begun);
  });

  it('ends where no policy is left, nothing of its own is, or a group tells of it', () => {
    expect(planResume([], alert, AT)).toBeUndefined();
    expect(planResume([other, policy], { ...alert, escalation_level: 3 }, AT)).toBeUndefined();
    expect(planResume([policy], { ...alert, alert_group_id: 'g' }, AT)).toBeUndefined();
  });
});

describe('the policy of an alert', () => {
  const alert = buildAlert();
  const tried = (...policies: EscalationPolicy[]) => choosePolicy(policies, alert)?.policy_id;
  const named = (policy_id: string, fields: Partial<EscalationPolicy>) =>
    buildPolicy({ policy_id, ...fields });

  it('is the first in order that is switched on and matches, each time it is asked', () => {
    const last = named('last', { order: 9 });
    const off = named('off', { order: 0, enabled: false });
    const mine = named('mine', { order: 2, match: { service: ['checkout'] } });
    const foreign = named('foreign', { order: 1, match: { service: ['search'] } });
    for (let n = 0; n < 2; n++) expect(tried(last, mine, off, foreign)).toBe('mine');
    expect(tried(last, foreign)).toBe('last');
    expect(tried(off, foreign)).toBeUndefined();
  });

  it('is never one whose pattern is refused, but a fault of ours is not hidden', () => {
    const refused = named('refused', { order: 0, match: { service: 'no list' } });
    expect(tried(refused, named('next', {}))).toBe('next');
    const faulty = (error: Error) => {
      let asked = 0;
      const match = {
        get service() {
          if (asked++ === 0) return ['checkout'];
          throw error;
        },
      };
      return named('faulty', { match });
    };
    for (const error of [new TypeError('ours'), new SentryError('internal', 'ours')])
      expect(() => tried(faulty(error))).toThrow(error);
  });
});

it('a plan leaves the alert with what its policy asks for, and nothing of the former one', () => {
  const former = buildAlert({
    next_escalation_at: AT,
    acknowledgements_needed: 3,
    ack_timeout_minutes: 9,
  });
  const plan = { escalation_level: 4, deliveries: [], trace: [] };
  const asking = buildPolicy({ policy_id: 'p', acknowledgements: 2, ack_timeout_minutes: 30 });
  const base = { ...buildAlert(), policy_id: 'p', escalation_level: 4 };
  const timer = timed(5, { due_at: later(1) });
  expect(withPlan(former, asking, { ...plan, timer })).toStrictEqual({
    ...base,
    next_escalation_at: later(1),
    acknowledgements_needed: 2,
    ack_timeout_minutes: 30,
  });
  expect(withPlan(former, buildPolicy({ policy_id: 'p' }), plan)).toStrictEqual(base);
});

it('a plan under a schedule is written whole: deliveries, next timer, and why', () => {
  const onCall = { channel: 'schedule' as const, destination: 'payments' };
  const steps = [{ delay_minutes: 0, targets: [onCall] }, step(5, 'two')];
  const own = { ...policy, steps };
  const standing = { tenant: 't1', alert_id: buildAlert().alert_id, escalation_level: 0 };
  const { members } = buildSchedule();
  const taken = planOnward(own, [buildSchedule({ version: 4 })], standing, AT);
  const user = taken.deliveries[0]!.for_user!;
  expect(members.map((one) => one.user)).toContain(user);
  const row = {
    ...delivered(1, `slack-${user}`),
    channel: 'slack' as const,
    for_user: user,
    schedule_id: 'payments',
    schedule_version: 4,
  };
  expect(taken).toStrictEqual({
    escalation_level: 1,
    deliveries: [row],
    timer: timed(2, { due_at: later(5) }),
    trace: [
      { step: 'schedule', id: 'payments', version: 4, outcome: 'on_call', detail: user },
      { ...toldOf(row), detail: `slack slack-${user} for ${user}` },
    ],
  });
  const waiting = { ...own, steps: [step(5, 'two')] };
  expect(planOnward(waiting, [], standing, AT)).toStrictEqual({
    escalation_level: 0,
    deliveries: [],
    timer: timed(1, { due_at: later(5) }),
    trace: [],
  });
  const gone = { ...own, steps: [{ delay_minutes: 0, targets: [onCall] }], repeat: 1 };
  const nobody = (round: number) => ({
    step: 'escalation_step',
    outcome: 'reached_nobody',
    id: 'default',
    version: 7,
    detail: round > 0 ? `step 1, repetition ${round}` : 'step 1',
  });
  expect(takeStep(gone, [], standing, AT)).toStrictEqual({
    escalation_level: 1,
    deliveries: [],
    timer: timed(2, { due_at: later(5) }),
    trace: [{ step: 'schedule', outcome: 'gone', id: 'payments' }, nobody(0)],
  });
  expect(takeStep(gone, [], { ...standing, escalation_level: 1 }, AT)).toStrictEqual({
    escalation_level: 2,
    deliveries: [],
    trace: [
      { step: 'schedule', outcome: 'gone', id: 'payments' },
      nobody(1),
      { step: 'escalation_step', outcome: 'exhausted', id: 'default' },
    ],
  });
});
