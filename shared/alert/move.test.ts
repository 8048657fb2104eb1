import { describe, expect, it } from 'vitest';

import type { Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import {
  buildAlert,
  buildDelivery,
  buildPointer,
  buildTimer,
  BUILT_AT,
} from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import type { AlertRows } from './decision.ts';
import { commitMove } from './move.ts';
import type { Alert, AlertPointer } from './schema.ts';

const AT = '2026-03-01T13:00:00.000Z';
const DUE = '2026-03-01T14:00:00.000Z';
const ctx = buildContext({ now: Date.parse(AT) });
const told: Partial<Delivery> = {
  status: 'SENT',
  sent: 'trigger',
  desired: 'acknowledge',
  next_attempt_at: undefined,
  revision: 4,
};
const HELD = [{ reason: 'silence', id: 's-1' }];

/** What becomes of an alert with one told pager that moves to the state given. */
function moved(
  fields: Partial<Alert>,
  rows: Partial<AlertRows> = {},
  more: { timer?: Timer; opened?: readonly Delivery[]; pointer?: AlertPointer } = {},
) {
  const alert = buildAlert({ state: 'OPEN', revision: 8, updated_at: AT, ...fields });
  const former = buildAlert({ revision: 7, state: alert.state === 'OPEN' ? 'ACK' : 'OPEN' });
  const happening = { action: 'alert.test', type: 'alert.tested' };
  const decision = commitMove(
    { alert: former, deliveries: [buildDelivery(told)], timers: [], ...rows },
    { alert, happening, at: AT, ...more },
    ctx,
  );
  if (decision.kind !== 'commit') throw new Error('a move always writes');
  const { changes, outbox } = decision.commit;
  return {
    alert: decision.alert,
    changes,
    channels: outbox[0]!.envelope.payload.channels,
    timers: changes.filter(({ kind }) => kind === 'timer' || kind === 'timer.delete'),
    deliveries: changes.filter((change) => change.kind === 'delivery'),
  };
}
const timer = (fields: Partial<Timer>) => buildTimer({ due_at: DUE, ...fields });

describe('whom a change of state tells', () => {
  it('again of an alert that is open once more, unless something holds it back', () => {
    expect(moved({}).deliveries).toMatchObject([
      { row: { desired: 'trigger', revision: 5 }, expected: 4 },
    ]);
    expect(moved({ suppressed_by: HELD }).deliveries).toEqual([]);
  });

  it('of its end, and that it was taken, even while something holds it back', () => {
    const owed = { ...told, desired: 'trigger' } as const;
    const rows = { deliveries: [buildDelivery(owed)] };
    for (const state of ['ACK', 'RESOLVED'] as const)
      expect(moved({ state, suppressed_by: HELD }, rows).channels).toEqual(['pagerduty']);
  });

  it('by the rows it begins, once, not by those of former steps as well', () => {
    const opened = [buildDelivery({ step: 2 })];
    const { deliveries, channels } = moved({}, {}, { opened });
    expect(deliveries).toEqual([{ kind: 'delivery', row: opened[0], expected: 0 }]);
    expect(channels).toEqual(['pagerduty']);
  });
});

describe('the timers of a change of state', () => {
  it('all go but the one that is kept, which takes the place of its former self', () => {
    const timers = [timer({ step: 2, revision: 5 }), timer({ step: 3, revision: 6 })];
    const next = timer({ step: 2, due_at: '2026-03-01T15:00:00.000Z' });
    expect(moved({}, { timers }, { timer: next }).timers).toEqual([
      { kind: 'timer.delete', row: timers[1], expected: 6 },
      { kind: 'timer', row: { ...next, revision: 6 }, expected: 5 },
    ]);
    const other = timer({ step: 4, revision: 9 });
    expect(moved({}, { timers }, { timer: other }).timers).toMatchObject([
      { kind: 'timer.delete', expected: 5 },
      { kind: 'timer.delete', expected: 6 },
      { kind: 'timer', row: { step: 4, revision: 1 }, expected: 0 },
    ]);
    expect(moved({}, { timers }).timers.map(({ kind }) => kind)).toEqual([
      'timer.delete',
      'timer.delete',
    ]);
  });

  it('that decide anew outlive it while something holds the alert back, and no others', () => {
    const recheck = timer({ kind: 'recheck', step: 0, revision: 3 });
    const timers = [recheck, timer({ step: 2, revision: 5 })];
    const steps = (fields: Partial<Alert>) =>
      moved(fields, { timers }).timers.map(({ row }) => (row as Timer).kind);
    expect(steps({ suppressed_by: HELD })).toEqual(['escalate']);
    expect(steps({})).toEqual(['recheck', 'escalate']);
    expect(steps({ state: 'RESOLVED', suppressed_by: HELD })).toEqual(['recheck', 'escalate']);
  });

  it('say when people are next told; one that only decides anew does not', () => {
    expect(moved({}, {}, { timer: timer({}) }).alert.next_escalation_at).toBe(DUE);
    const recheck = timer({ kind: 'recheck' });
    const stale = { next_escalation_at: BUILT_AT };
    expect(moved(stale, {}, { timer: recheck }).alert).not.toHaveProperty('next_escalation_at');
    expect(moved(stale).alert).not.toHaveProperty('next_escalation_at');
  });
});

describe('the rows of a change of state', () => {
  it('expect what was read: the alert, and its pointer or that there is none', () => {
    const pointer = buildPointer({ revision: 1 });
    const { changes } = moved({}, {}, { pointer });
    expect(changes[0]).toMatchObject({ kind: 'alert', expected: 7 });
    expect(changes[1]).toEqual({ kind: 'pointer', row: pointer, expected: 0 });
    const known = moved({}, { pointer: buildPointer({ revision: 4 }) }, { pointer }).changes;
    expect(known[1]).toMatchObject({ kind: 'pointer', expected: 4 });
  });
});
