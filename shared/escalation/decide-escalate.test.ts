import { describe, expect, it } from 'vitest';

import type { Decision } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, buildDelivery, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { decideAckTimeout } from './decide-ack-timeout.ts';
import { decideEscalate } from './decide-escalate.ts';
import type { Timer } from './schema.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) });
const response = { ...NO_RESPONSE, policies: [buildPolicy()] };

/** What a decision writes, in short, every row with the revision it expects. */
function written(decision: Decision): string[] {
  if (decision.kind !== 'commit') return [decision.kind];
  const { changes, journal } = decision.commit;
  const rows = changes.flatMap((change) =>
    change.kind === 'touch' ? [] : [`${change.kind} ${change.expected}`],
  );
  return [...rows, ...journal.map(({ action }) => action)];
}
const escalate = (fields: Partial<Alert>, timer: Partial<Timer> = {}) => {
  const row = buildTimer({ revision: 3, ...timer });
  const rows = { alert: buildAlert({ revision: 7, ...fields }), deliveries: [], timers: [row] };
  return written(decideEscalate(rows, row, response, ctx));
};
/** The timer goes, and only if neither it nor the alert has changed since they were read. */
const DROPPED = ['alert 7', 'timer.delete 3'];

describe('the timer of a step', () => {
  it('that is due is the step: level, messages and journal in one commit', () => {
    expect(escalate({})).toEqual(['alert 7', 'delivery 0', 'timer.delete 3', 'alert.escalate']);
  });

  it.each<[string, Partial<Alert>, Partial<Timer>]>([
    ['an alert that is acknowledged', { state: 'ACK' }, {}],
    ['an alert that is resolved', { state: 'RESOLVED', resolved_at: BUILT_AT }, {}],
    ['a step that was taken', { escalation_level: 2 }, {}],
    ['a step that is not next', { escalation_level: 0 }, {}],
    ['an alert on trial', { suppressed_by: [{ reason: 'staging' }] }, {}],
  ])('of %s goes, and nobody is told', (_, alert, timer) => {
    expect(escalate(alert, timer)).toEqual(DROPPED);
  });

  it('of an alert that a silence holds by now is held back, with a time to look again', () => {
    const silences = [
      buildSilence({ starts_at: BUILT_AT, ends_at: '2026-03-01T12:10:00.000Z', matchers: [] }),
    ];
    const timer = buildTimer();
    const rows = { alert: buildAlert(), deliveries: [], timers: [timer] };
    const decision = decideEscalate(rows, timer, { ...response, silences }, ctx);
    expect(written(decision)).toEqual(['alert 1', 'timer.delete 1', 'timer 0', 'alert.hold_step']);
    expect(decision.alert).toMatchObject({
      escalation_level: 1,
      suppressed_by: [{ reason: 'silence' }],
    });
  });

  it('leaves the receivers of former steps alone', () => {
    const sent = buildDelivery({ status: 'SENT', sent: 'trigger', next_attempt_at: undefined });
    const timer = buildTimer();
    const rows = { alert: buildAlert(), deliveries: [sent], timers: [timer] };
    expect(written(decideEscalate(rows, timer, response, ctx))).toEqual([
      'alert 1',
      'delivery 0',
      'timer.delete 1',
      'alert.escalate',
    ]);
  });
});

describe('the end of an acknowledgement', () => {
  it.each(['OPEN', 'RESOLVED'] as const)('of an alert that is %s goes without a word', (state) => {
    const row = buildTimer({ kind: 'ack_timeout', step: 0, revision: 3 });
    const rows = { alert: buildAlert({ revision: 7, state }), deliveries: [], timers: [row] };
    expect(written(decideAckTimeout(rows, row, response, ctx))).toEqual(DROPPED);
  });

  it('tells again whom later steps had told, and no destination twice', () => {
    const row = buildTimer({ kind: 'ack_timeout', step: 0 });
    const acked = { status: 'SENT', sent: 'acknowledge', desired: 'acknowledge' } as const;
    const told = ['pagerduty-ops', 'pagerduty-second'].map((destination, at) =>
      buildDelivery({ destination, step: at + 1, ...acked, next_attempt_at: undefined }),
    );
    const alert = buildAlert({ state: 'ACK', escalation_level: 2, acknowledged_by: 'user:ada' });
    const decision = decideAckTimeout(
      { alert, deliveries: told, timers: [row] },
      row,
      response,
      ctx,
    );
    if (decision.kind !== 'commit') expect.unreachable();
    const triggered = decision.commit.changes.flatMap((change) =>
      change.kind === 'delivery' && change.row.next_attempt_at !== undefined
        ? [`${change.row.step} ${change.row.destination}`]
        : [],
    );
    expect(triggered).toEqual([
      '2 pagerduty-second',
      '3 email-ops',
      '3 slack-ops',
      '3 pagerduty-ops',
      '3 webhook-ops',
    ]);
  });
});
