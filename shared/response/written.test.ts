import { describe, expect, it } from 'vitest';

import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { EscalationPolicy, Timer } from '#shared/escalation/schema.ts';
import { buildAlert, buildDelivery, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';

import { decideRecheck } from './decide-recheck.ts';
import { holdAlert } from './hold.ts';
import { NO_RESPONSE, type ResponseRules } from './rules.ts';
import { recheckTimer } from './suppress.ts';

const clock = { now: Date.parse(BUILT_AT) + 60_000 };
const AT = new Date(clock.now).toISOString();
const later = (minutes: number) => new Date(clock.now + minutes * 60_000).toISOString();
const ctx = buildContext(clock, { actor: 'system:escalate' });
const under = (fields: Partial<ResponseRules>): ResponseRules => ({ ...NO_RESPONSE, ...fields });
const SILENCED = [{ reason: 'silence', id: 'deploy' }];
const HELD_BACK = { step: 'suppression', outcome: 'held_back', id: 'deploy', version: 1 } as const;
const FORMER = [{ reason: 'silence', id: 'former' }];
const LIFTED = { step: 'suppression', outcome: 'lifted' };
const CHOSEN = { step: 'policy', outcome: 'chosen', id: 'default', version: 1 };

function committed(decision: Decision) {
  if (decision.kind !== 'commit') expect.unreachable(decision.kind);
  return decision;
}
const recheckRow = (fields: Partial<Timer> = {}): Timer => ({
  ...recheckTimer(buildAlert(), AT),
  revision: 4,
  ...fields,
});
const rowsOf = (fields: Partial<Alert>, timers: Timer[], deliveries = [sent()]): AlertRows => ({
  alert: buildAlert({ version: 3, revision: 9, suppressed_by: SILENCED, ...fields }),
  deliveries,
  timers,
});
const sent = () =>
  buildDelivery({
    channel: 'webhook',
    destination: 'hook',
    status: 'SENT',
    sent: 'trigger',
    next_attempt_at: undefined,
    revision: 5,
  });

describe('what holds an alert back is written whole', () => {
  const found = {
    suppressed_by: SILENCED,
    recheck_at: later(5),
    trace: [{ ...HELD_BACK, detail: 'silence' }],
  };
  const wanted = (revision: number) => ({
    ...recheckTimer(buildAlert(), later(5)),
    revision,
  });

  it('a reason that is new: alert, timer, journal, and the step stays shown', () => {
    const rows = rowsOf({ suppressed_by: FORMER, next_escalation_at: later(9) }, []);
    const { alert, commit } = committed(holdAlert(rows, found, ctx));
    const row = { ...rows.alert, suppressed_by: SILENCED, updated_at: AT, revision: 10 };
    expect(alert).toStrictEqual(row);
    expect(commit.changes).toStrictEqual([
      { kind: 'alert', row, expected: 9 },
      { kind: 'timer', row: wanted(1), expected: 0 },
      { kind: 'touch', row },
    ]);
    expect(commit.journal).toMatchObject([
      {
        action: 'alert.suppress',
        at: AT,
        before: { suppressed_by: FORMER },
        after: { suppressed_by: SILENCED, trace: found.trace },
      },
    ]);
    expect(commit.outbox.map(({ envelope }) => envelope)).toMatchObject([
      { type: 'alert.suppressed', payload: { alert: row, channels: [] } },
    ]);
  });

  it('a step that was due goes, is shown no longer, and the journal says so', () => {
    const step = buildTimer({ revision: 7, due_at: AT });
    const owed = buildDelivery();
    const rows = rowsOf({ next_escalation_at: AT }, [step], [owed]);
    const { alert, commit } = committed(holdAlert(rows, found, ctx, step));
    const { next_escalation_at: _gone, ...rest } = rows.alert;
    expect(alert).toStrictEqual({ ...rest, updated_at: AT, revision: 10 });
    expect(commit.changes).toStrictEqual([
      { kind: 'alert', row: alert, expected: 9 },
      { kind: 'timer.delete', row: step, expected: 7 },
      { kind: 'timer', row: wanted(1), expected: 0 },
      { kind: 'touch', row: alert },
    ]);
    expect(commit.journal[0]!.action).toBe('alert.hold_step');
    expect(commit.outbox[0]!.envelope.payload.channels).toEqual(['pagerduty']);
  });

  it.each<[string, Timer[], unknown]>([
    ['a time that is sooner stays', [recheckRow({ due_at: later(4) })], 'unchanged'],
    ['the same time stays', [recheckRow({ due_at: later(5) })], 'unchanged'],
    ['one that is later comes sooner', [recheckRow({ due_at: later(6) })], ['timer 4']],
    ['one that is due moves on', [recheckRow({ due_at: AT })], ['timer 4']],
    [
      'others that are due go',
      [recheckRow({ due_at: later(4) }), recheckRow({ step: 3, due_at: AT, revision: 8 })],
      ['timer.delete 8'],
    ],
    [
      'others that are not stay',
      [recheckRow({ due_at: AT }), recheckRow({ step: 3, due_at: later(1) }), buildTimer()],
      ['timer 4'],
    ],
  ])('the time to look again, where nothing is new: %s', (_name, timers, expected) => {
    const rows = rowsOf({}, timers);
    const decision = holdAlert(rows, found, ctx);
    expect(decision.alert).toBe(rows.alert);
    if (decision.kind !== 'commit') return expect(decision.kind).toBe(expected);
    const { changes, journal, outbox } = decision.commit;
    expect(changes.map((one) => `${one.kind} ${'expected' in one && one.expected}`)).toEqual(
      expected,
    );
    expect([journal, outbox]).toEqual([[], []]);
    for (const change of changes)
      if (change.kind === 'timer') expect(change.row).toStrictEqual(wanted(5));
  });

  it('two holds of one version have ids of their own', () => {
    const said = [9, 10].map((revision) => {
      const rows = rowsOf({ suppressed_by: [], revision }, []);
      return committed(holdAlert(rows, found, ctx)).commit;
    });
    expect(new Set(said.map(({ journal }) => journal[0]!.entry_id)).size).toBe(2);
    expect(new Set(said.map(({ outbox }) => outbox[0]!.outbox_id)).size).toBe(2);
  });
});

describe('letting an alert go is written whole', () => {
  const timer = recheckRow();
  const lift = (fields: Partial<Alert>, rules: Partial<ResponseRules>, more: Timer[] = []) => {
    const rows = rowsOf(fields, [timer, ...more]);
    const decision = committed(decideRecheck(rows, timer, under(rules), ctx));
    return { former: rows.alert, ...decision };
  };
  const due = (fields: Partial<Timer> = {}) => buildTimer({ due_at: AT, ...fields });

  it('of which nobody was told: as if it opened now', () => {
    const untold = { policy_id: undefined, escalation_level: 0 };
    const { former, alert, commit } = lift(untold, { policies: [buildPolicy()] });
    expect(alert).toEqual({
      ...former,
      suppressed_by: [],
      policy_id: 'default',
      escalation_level: 1,
      next_escalation_at: later(15),
      updated_at: AT,
      revision: 10,
    });
    expect(commit.changes.map(({ kind }) => kind)).toEqual([
      'alert',
      ...Array.from({ length: 4 }, () => 'delivery'),
      'timer.delete',
      'timer',
      'touch',
    ]);
    expect(commit.journal).toMatchObject([
      {
        action: 'alert.unsuppress',
        before: { suppressed_by: SILENCED },
        after: {
          suppressed_by: [],
          trace: [LIFTED, CHOSEN, ...Array.from({ length: 4 }, () => ({ outcome: 'told' }))],
        },
      },
    ]);
    expect(commit.outbox[0]!.envelope.type).toBe('alert.unsuppressed');
  });

  it('of which people were told: the step that was held back is due now', () => {
    const { former, alert, commit } = lift({}, { policies: [buildPolicy()] });
    expect(alert).toStrictEqual({
      ...former,
      suppressed_by: [],
      next_escalation_at: AT,
      updated_at: AT,
      revision: 10,
    });
    expect(commit.changes).toStrictEqual([
      { kind: 'alert', row: alert, expected: 9 },
      { kind: 'timer.delete', row: timer, expected: 4 },
      { kind: 'timer', row: due(), expected: 0 },
      { kind: 'touch', row: alert },
    ]);
    expect(commit.journal[0]!.after).toStrictEqual({ suppressed_by: [], trace: [LIFTED] });
  });

  it.each<[string, Partial<Alert>, EscalationPolicy[], Timer[], Partial<Timer> | undefined]>([
    [
      'without its policy a step looks for another',
      {},
      [buildPolicy({ policy_id: 'other' }), buildPolicy({ enabled: false })],
      [],
      { due_at: AT, policy_id: undefined, policy_version: undefined },
    ],
    [
      'at the end of its policy there is no step',
      { escalation_level: 2 },
      [buildPolicy()],
      [],
      undefined,
    ],
    [
      'a step that stands is left to its time',
      {},
      [buildPolicy()],
      [buildTimer({ revision: 6 })],
      { revision: 7 },
    ],
    ['acknowledged it has no step', { state: 'ACK' }, [buildPolicy()], [], undefined],
    [
      'acknowledged before it was told nobody is told',
      { state: 'ACK', policy_id: undefined },
      [buildPolicy()],
      [],
      undefined,
    ],
    [
      'of a group it has no step of its own',
      { alert_group_id: 'g' },
      [buildPolicy()],
      [],
      undefined,
    ],
  ])('%s', (_name, fields, policies, more, expected) => {
    const { commit } = lift(fields, { policies }, more);
    const timers = commit.changes.flatMap(({ kind, row }) => (kind === 'timer' ? [row] : []));
    const row = expected && buildTimer(expected);
    expect(timers).toEqual(row ? [row] : []);
    expect(commit.changes.filter(({ kind }) => kind === 'timer.delete')).toHaveLength(1);
  });

  it('whose receivers are told again waits for the delay of the step', () => {
    const silent = { ...sent(), desired: 'resolve', sent: 'resolve' } as const;
    const rows = rowsOf({}, [timer], [silent]);
    const rules = under({ policies: [buildPolicy()] });
    const { commit } = committed(decideRecheck(rows, timer, rules, ctx));
    const [delivery] = commit.changes.filter(({ kind }) => kind === 'delivery');
    expect(delivery!.row).toMatchObject({ desired: 'trigger', next_attempt_at: AT });
    const [step] = commit.changes.filter(({ kind }) => kind === 'timer');
    expect(step!.row).toEqual(due({ due_at: later(15) }));
  });

  it.each<[string, Partial<Alert>, boolean]>([
    ['resolved', { state: 'RESOLVED' }, false],
    ['on trial', { suppressed_by: [{ reason: 'warming' }] }, false],
    [
      'on trial and untold',
      { suppressed_by: [{ reason: 'warming' }], policy_id: undefined },
      false,
    ],
    ['held by nothing that is decided here', { suppressed_by: [] }, false],
    ['held by a rule', { suppressed_by: [{ reason: 'fatigue' }] }, true],
    ['told to nobody yet', { suppressed_by: [], policy_id: undefined }, true],
    [
      'acknowledged before it was told',
      { suppressed_by: [], policy_id: undefined, state: 'ACK' },
      false,
    ],
  ])('of one that is %s', (_name, fields, isLifted) => {
    const rows = rowsOf(fields, [timer]);
    const decision = committed(decideRecheck(rows, timer, NO_RESPONSE, ctx));
    const actions = decision.commit.journal.map(({ action }) => action);
    expect(actions).toEqual(isLifted ? ['alert.unsuppress'] : []);
    const asked = decideRecheck(rows, undefined, NO_RESPONSE, ctx);
    expect(asked.kind).toBe(isLifted ? 'commit' : 'unchanged');
    expect(asked.alert.alert_id).toBe(rows.alert.alert_id);
  });
});
