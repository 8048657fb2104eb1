import { expect, it } from 'vitest';

import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { announce } from '#shared/alert/announce.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { hintNext } from './hint-next.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) });
async function hintsOf(fields: Partial<Alert>) {
  const { timers, given } = createMemoryTimerHint();
  const happening = { action: 'alert.open', type: 'alert.opened', channels: [] };
  const { outbox } = announce(buildAlert(fields), happening, ctx, BUILT_AT);
  await hintNext(ctx, timers, { detail: outbox[0]!.envelope });
  return given.map(({ hint, delayMs }) => [hint.kind === 'timer' && hint.timer, delayMs / 1000]);
}

it.each<[string, Partial<Alert>, [string, number][]]>([
  [
    'is less than a hop away',
    { next_escalation_at: '2026-03-01T12:00:06.000Z' },
    [['escalate', 6]],
  ],
  ['is over', { next_escalation_at: '2026-03-01T11:00:00.000Z' }, [['escalate', 0]]],
  [
    'ends an acknowledgement',
    { state: 'ACK', next_escalation_at: '2026-03-01T12:15:00.000Z' },
    [['ack_timeout', 900]],
  ],
  ['is more than a hop away', { next_escalation_at: '2026-03-01T12:15:00.001Z' }, []],
  ['is not to come', {}, []],
  ['is of an alert that is resolved', { state: 'RESOLVED', resolved_at: BUILT_AT }, []],
])('the next step that %s is hinted so', async (_, fields, expected) => {
  expect(await hintsOf(fields)).toEqual(expected);
});

it('a hint names its timer whole, and one that cannot be given is not hidden', async () => {
  const { timers, given } = createMemoryTimerHint();
  const alert = buildAlert({ next_escalation_at: BUILT_AT });
  const timer = { kind: 'group', step: 0, due_at: BUILT_AT };
  const events = [
    { detail: { payload: { tenant: 't1', alert } } },
    { detail: { payload: { tenant: 't1', alert: { alert_id: 'g1' }, timer } } },
  ];
  for (const event of events) expect(await hintNext(ctx, timers, event)).toBe(true);
  expect(given.map(({ hint }) => hint)).toStrictEqual([
    { kind: 'timer', tenant: 't1', alert_id: alert.alert_id, timer: 'escalate', step: 2 },
    { kind: 'timer', tenant: 't1', alert_id: 'g1', timer: 'group', step: 0 },
  ]);
  const deaf = { hint: () => Promise.reject(new SentryError('unavailable', 'down')) };
  for (const event of events)
    await expect(hintNext(ctx, deaf, event)).rejects.toMatchObject({ code: 'unavailable' });
});

it('an event that is none of an alert’s hints nothing', async () => {
  const { timers, given } = createMemoryTimerHint();
  expect(await hintNext(ctx, timers, { detail: { payload: { alert: { alert_id: 'a' } } } })).toBe(
    false,
  );
  expect(given).toEqual([]);
});

it('the next message of a group is hinted, whose event says when it is', async () => {
  const { timers, given } = createMemoryTimerHint();
  const timer = { kind: 'group', step: 0, due_at: '2026-03-01T12:00:30.000Z' };
  const payload = { tenant: 't1', alert: { alert_id: 'g1' }, timer, channels: ['webhook'] };
  expect(await hintNext(ctx, timers, { detail: { payload } })).toBe(true);
  const hint = { kind: 'timer', tenant: 't1', alert_id: 'g1', timer: 'group', step: 0 };
  expect(given).toEqual([{ hint, delayMs: 30_000 }]);
});
