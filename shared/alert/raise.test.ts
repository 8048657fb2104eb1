import { describe, expect, it } from 'vitest';

import type { Commit } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, buildDelivery, buildPointer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildFinding, buildPolicy, buildRule } from '#shared/testing/build-finding.ts';

import { addEvidence, cutText } from './evidence.ts';
import { decideRaise } from './raise.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock, { actor: 'system:detect' });
const response = { ...NO_RESPONSE, policies: [buildPolicy()] };
const at = (seconds: number) => new Date(Date.parse(BUILT_AT) + seconds * 1000).toISOString();
const kinds = (commit: Commit) => commit.changes.map(({ kind }) => kind);
const resolvedAt = (resolved_at: string) => ({
  pointer: buildPointer({ state: 'RESOLVED', resolved_at, revision: 2 }),
  alert: buildAlert({
    state: 'RESOLVED',
    resolved_at,
    resolved_by: 'user:sam',
    count: 4,
    version: 3,
  }),
  deliveries: [
    buildDelivery({
      status: 'SENT',
      desired: 'resolve',
      sent: 'resolve',
      next_attempt_at: undefined,
    }),
  ],
  timers: [],
});

describe('the first match of a group', () => {
  const raised = decideRaise({}, buildFinding({ occurrences: 2 }), response, ctx);

  it('opens one alert with pointer, deliveries, next timer, journal and outbox in one commit', () => {
    expect(raised.kind).toBe('opened');
    expect(kinds(raised.commit)).toEqual([
      'alert',
      'pointer',
      'delivery',
      'delivery',
      'delivery',
      'delivery',
      'timer',
      'touch',
    ]);
    expect(raised.commit.journal.map(({ action }) => action)).toEqual(['alert.open']);
    const [outbox] = raised.commit.outbox;
    expect(outbox!.envelope).toMatchObject({
      type: 'alert.opened',
      source: 'sentry.alert',
      target: null,
    });
    expect(outbox!.envelope.payload.channels).toEqual(['email', 'pagerduty', 'slack', 'webhook']);
    expect(raised.alert).toMatchObject({
      state: 'OPEN',
      count: 2,
      episode: 1,
      escalation_level: 1,
      policy_id: 'default',
      event_id: 'e-1',
      service: 'checkout',
    });
  });

  it('is the same rows when it is decided again', () => {
    expect(decideRaise({}, buildFinding({ occurrences: 2 }), response, ctx)).toEqual(raised);
  });

  it('opens without deliveries when no policy is for it, or its pattern is broken', () => {
    const none = decideRaise(
      {},
      buildFinding(),
      { ...NO_RESPONSE, policies: [buildPolicy({ match: { severity: ['INFO'] } })] },
      ctx,
    );
    expect(kinds(none.commit)).toEqual(['alert', 'pointer', 'touch']);
    expect(none.alert.escalation_level).toBe(0);
    const broken = [buildPolicy({ match: { severity: 'ERROR' }, order: 0 }), buildPolicy()];
    expect(
      decideRaise({}, buildFinding(), { ...NO_RESPONSE, policies: broken }, ctx).alert.policy_id,
    ).toBe('default');
  });

  it('takes the first enabled policy in order that matches', () => {
    const choice = [
      buildPolicy({ policy_id: 'late', order: 9 }),
      buildPolicy({ policy_id: 'off', order: 1, enabled: false }),
      buildPolicy({ policy_id: 'search', order: 2, match: { service: ['search'] } }),
      buildPolicy({
        policy_id: 'mine',
        order: 3,
        match: { service: ['checkout'], severity: ['ERROR'] },
      }),
    ];
    expect(
      decideRaise({}, buildFinding(), { ...NO_RESPONSE, policies: choice }, ctx).alert.policy_id,
    ).toBe('mine');
  });

  it('waits for the first step when that one is not immediate', () => {
    const slow = buildPolicy({ steps: buildPolicy().steps.slice(1) });
    const { commit, alert } = decideRaise(
      {},
      buildFinding(),
      { ...NO_RESPONSE, policies: [slow] },
      ctx,
    );
    expect(kinds(commit)).toEqual(['alert', 'pointer', 'timer', 'touch']);
    expect(alert.escalation_level).toBe(0);
    expect(commit.changes).toContainEqual(
      expect.objectContaining({ row: expect.objectContaining({ step: 1, due_at: at(900) }) }),
    );
  });

  it('of a staged rule records and names the reason, but tells nobody', () => {
    const finding = buildFinding({ rule: buildRule({ state: 'STAGED' }) });
    const { commit, alert } = decideRaise({}, finding, response, ctx);
    expect(alert.suppressed_by).toEqual([{ reason: 'staging' }]);
    expect(kinds(commit)).toEqual(['alert', 'pointer', 'touch']);
    expect(commit.outbox[0]!.envelope.payload.channels).toEqual([]);
  });
});

describe('a match of a group whose alert is not resolved', () => {
  it.each(['OPEN', 'ACK'] as const)(
    'is counted on the %s alert without a word to anybody',
    (state) => {
      const rows = { pointer: buildPointer(), alert: buildAlert({ state, revision: 6 }) };
      const finding = buildFinding({
        occurrences: 3,
        events: [buildEvent(2, { timestamp: at(-5) }), buildEvent(3, { timestamp: at(9) })],
      });
      const { kind, commit, alert } = decideRaise(rows, finding, response, ctx);
      expect(kind).toBe('counted');
      expect(kinds(commit)).toEqual(['alert', 'touch']);
      expect([commit.journal, commit.outbox]).toEqual([[], []]);
      expect(alert).toMatchObject({
        state,
        count: 4,
        version: 1,
        revision: 7,
        first_seen: at(-5),
        last_seen: at(9),
      });
    },
  );

  it('raises the severity, and says so, only when the rule has become graver', () => {
    const rows = { pointer: buildPointer(), alert: buildAlert() };
    const graver = buildFinding({ rule: buildRule({ severity: 'CRITICAL', version: 2 }) });
    const raised = decideRaise(rows, graver, response, ctx);
    expect(raised.alert).toMatchObject({ severity: 'CRITICAL', version: 2, rule_version: 2 });
    expect(raised.commit.journal[0]).toMatchObject({
      action: 'alert.severity_changed',
      before: { severity: 'ERROR' },
      after: { severity: 'CRITICAL' },
    });
    expect(raised.commit.outbox[0]!.envelope.type).toBe('alert.severity_changed');
    const milder = buildFinding({ rule: buildRule({ severity: 'INFO' }) });
    expect(decideRaise(rows, milder, response, ctx).alert.severity).toBe('ERROR');
  });
});

describe('a rule that leaves its trial', () => {
  const trial = {
    suppressed_by: [{ reason: 'staging' }],
    policy_id: undefined,
    escalation_level: 0,
  };

  it('tells people of the alert that is open already, with the next match', () => {
    const rows = { pointer: buildPointer(), alert: buildAlert(trial) };
    const { kind, commit, alert } = decideRaise(rows, buildFinding(), response, ctx);
    expect(kind).toBe('counted');
    expect(alert).toMatchObject({
      suppressed_by: [],
      policy_id: 'default',
      escalation_level: 1,
      version: 2,
    });
    expect(kinds(commit).filter((one) => one === 'delivery')).toHaveLength(4);
    expect(commit.journal[0]!.action).toBe('alert.unsuppress');
    expect(commit.outbox[0]!.envelope.payload.channels).toHaveLength(4);
  });

  it('tells nobody of an alert somebody has taken, and nothing while the trial goes on', () => {
    const taken = { pointer: buildPointer(), alert: buildAlert({ ...trial, state: 'ACK' }) };
    expect(kinds(decideRaise(taken, buildFinding(), response, ctx).commit)).toEqual([
      'alert',
      'touch',
    ]);
    const rows = { pointer: buildPointer(), alert: buildAlert(trial) };
    const staged = buildFinding({ rule: buildRule({ state: 'STAGED' }) });
    const still = decideRaise(rows, staged, response, ctx);
    expect(still.alert.suppressed_by).toEqual([{ reason: 'staging' }]);
    expect(still.commit.journal).toEqual([]);
  });

  it('tells people of an alert that comes back', () => {
    const rows = resolvedAt(at(-10));
    const silent = { ...rows, alert: { ...rows.alert, ...trial }, deliveries: [] };
    const { kind, commit, alert } = decideRaise(silent, buildFinding(), response, ctx);
    expect(kind).toBe('reopened');
    expect(alert.suppressed_by).toEqual([]);
    expect(kinds(commit).filter((one) => one === 'delivery')).toHaveLength(4);
    expect(kinds(commit)).toContain('timer');
  });
});

describe('a match of a group whose alert is resolved', () => {
  it('opens the same alert again within the window, tells its receivers and keeps its rows', () => {
    const rows = resolvedAt(at(-300));
    const { kind, commit, alert } = decideRaise(rows, buildFinding(), response, ctx);
    expect(kind).toBe('reopened');
    expect(alert).toMatchObject({
      alert_id: rows.alert.alert_id,
      state: 'OPEN',
      count: 5,
      version: 4,
    });
    expect(alert.resolved_at).toBeUndefined();
    expect(alert.resolved_by).toBeUndefined();
    expect(kinds(commit)).toEqual(['alert', 'pointer', 'delivery', 'timer', 'touch']);
    expect(commit.changes[1]!.row).toEqual(buildPointer({ revision: 3 }));
    expect(commit.changes[2]!.row).toMatchObject({ desired: 'trigger', next_attempt_at: BUILT_AT });
    expect(commit.journal[0]!.action).toBe('alert.reopen');
    expect(commit.outbox[0]!.envelope.type).toBe('alert.reopened');
  });

  it('begins a new episode with a new id after the window', () => {
    const rows = resolvedAt(at(-301));
    const { kind, commit, alert } = decideRaise(rows, buildFinding(), response, ctx);
    expect(kind).toBe('new_episode');
    expect(alert).toMatchObject({ episode: 2, count: 1, version: 1, revision: 1 });
    expect(alert.alert_id).not.toBe(rows.alert.alert_id);
    expect(commit.changes[1]).toMatchObject({ kind: 'pointer', expected: 2, row: { episode: 2 } });
    expect(kinds(commit)).toContain('delivery');
  });

  it('begins a new episode when the alert of the pointer has expired', () => {
    const raised = decideRaise({ pointer: buildPointer() }, buildFinding(), response, ctx);
    expect(raised.kind).toBe('new_episode');
    expect(raised.alert.episode).toBe(2);
  });
});

describe('evidence', () => {
  const events = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => buildEvent(from + n));
  const ids = (evidence: ReturnType<typeof addEvidence>) => [
    evidence.first.map(({ event_id }) => event_id),
    evidence.last.map(({ event_id }) => event_id),
  ];

  it('is the first five and the last five events, whatever batches they come in', () => {
    const expected = [
      ['e-0', 'e-1', 'e-2', 'e-3', 'e-4'],
      ['e-25', 'e-26', 'e-27', 'e-28', 'e-29'],
    ];
    expect(ids(addEvidence({ first: [], last: [] }, events(0, 30)))).toEqual(expected);
    let grown = addEvidence({ first: [], last: [] }, events(0, 3));
    grown = addEvidence(grown, events(3, 12));
    for (let n = 12; n < 30; n++) grown = addEvidence(grown, events(n, n + 1));
    expect(ids(grown)).toEqual(expected);
  });

  it('cuts a payload to 4 KiB without breaking a character', () => {
    const event = buildEvent(1, { payload: { text: '😀é'.repeat(5_000) } });
    const [only] = addEvidence({ first: [], last: [] }, [event]).first;
    expect(Buffer.byteLength(only!.payload_json)).toBeLessThanOrEqual(4096);
    expect(only!.payload_json.endsWith('…')).toBe(true);
    expect(only!.payload_json.isWellFormed()).toBe(true);
    expect(cutText('é'.repeat(2048), 4096)).toBe('é'.repeat(2048));
    expect(cutText('é'.repeat(2049), 4096)).toBe(`${'é'.repeat(2046)}…`);
  });

  it('keeps an event without payload', () => {
    const [only] = addEvidence({ first: [], last: [] }, [
      buildEvent(1, { payload: undefined }),
    ]).first;
    expect(only!.payload_json).toBe('null');
  });
});
