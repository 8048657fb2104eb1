import { describe, expect, it } from 'vitest';

import { createMemoryLaneStore } from '#shared/adapters/memory/memory-lane-store.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { OUTBOX_AGE_MS } from '#shared/escalation/sweep.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import { HINT_SECONDS_MAX } from '#shared/ports/timer-hint.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import { BUILT_AT, buildOutbox, buildTimer } from '#shared/testing/build-alert.ts';
import {
  CHAT,
  createNotifierRig,
  type NotifierRig,
  PAGE,
  RIG_ALERT,
} from '#shared/testing/notifier-rig.ts';

import { escalate, type EscalateEvent } from './escalate.ts';

const NOW = Date.parse(BUILT_AT);
const iso = (at: number) => new Date(at).toISOString();
const hint = {
  kind: 'delivery',
  tenant: 't1',
  alert_id: RIG_ALERT,
  delivery_key: `${RIG_ALERT}|1|pagerduty-primary`,
};
const message = (body: unknown, messageId = 'm1') => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

function run(rig: NotifierRig, event: EscalateEvent, bus: MessageBus = rig.bus) {
  const warnings: string[] = [];
  const journal = createMemoryJournalStore(rig.tables, () => rig.ctx.now());
  const ports = {
    work: rig.work,
    journal,
    bus,
    timers: rig.ports.timers,
    lanes: createMemoryLaneStore(),
    response: async () => NO_RESPONSE,
    ruleSet: async () => compileRuleSet([]),
    pause: async () => {},
  };
  const contextOf = (tenant: string): Context => ({ ...rig.ctx, tenant });
  return escalate(ports, event, contextOf, (what) => warnings.push(what)).then((response) => ({
    ...response,
    warnings,
  }));
}
const woken = (rig: NotifierRig) =>
  rig.taken.map(({ type, payload }) => ({ type, channels: payload['channels'] }));
const downBus: MessageBus = {
  publish: (envelopes) => Promise.resolve(envelopes.map(() => ({ ok: false, error: 'down' }))),
};

describe('a hint', () => {
  it('wakes the channel of a due delivery, and sends nothing itself', async () => {
    const rig = await createNotifierRig([PAGE]);
    await run(rig, { Records: [message(hint)] });
    expect(woken(rig)).toEqual([{ type: 'delivery.due', channels: ['pagerduty'] }]);
    expect(rig.taken[0]?.payload).toMatchObject({ tenant: 't1', alert: { alert_id: RIG_ALERT } });
    expect(rig.sent).toEqual([]);
  });

  it('that comes early is given again for the rest of the wait, hop by hop', async () => {
    const rig = await createNotifierRig([{ ...PAGE, next_attempt_at: iso(NOW + 3_600_000) }]);
    await run(rig, { Records: [message(hint)] });
    expect(rig.hints).toEqual([{ hint, delayMs: 3_600_000 }]);
    expect(woken(rig)).toEqual([]);
    expect(HINT_SECONDS_MAX).toBe(900);
  });

  it('given five times leads to one send', async () => {
    const rig = await createNotifierRig([PAGE]);
    await run(rig, { Records: ['a', 'b', 'c', 'd', 'e'].map((id) => message(hint, id)) });
    for (const _ of rig.taken) await rig.run('pagerduty');
    expect(rig.sent).toHaveLength(1);
  });

  it('for what is sent, dead or gone does nothing', async () => {
    const rig = await createNotifierRig([PAGE]);
    await rig.run('pagerduty');
    const gone = { ...hint, delivery_key: `${RIG_ALERT}|9|nowhere` };
    const nonsense = { ...hint, delivery_key: 'nonsense' };
    await run(rig, { Records: [message(hint), message(gone), message(nonsense)] });
    expect(rig.taken).toEqual([]);
    expect(rig.hints).toEqual([]);
  });

  it('that the bus does not take stays in the queue; its neighbours do not', async () => {
    const rig = await createNotifierRig([PAGE]);
    const gone = { ...hint, delivery_key: `${RIG_ALERT}|9|nowhere` };
    const { batchItemFailures } = await run(
      rig,
      { Records: [message(gone, 'fine'), message(hint, 'failed')] },
      downBus,
    );
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'failed' }]);
  });

  it.each(['', '{', 'null', '[]', '{"kind":"other"}', '{"kind":"delivery"}'])(
    'that says %j is dropped with a warning',
    async (body) => {
      const rig = await createNotifierRig([PAGE]);
      const { batchItemFailures, warnings } = await run(rig, { Records: [message(body)] });
      expect(batchItemFailures).toEqual([]);
      expect(warnings).toEqual(['not a hint']);
    },
  );
});

describe('the sweep', () => {
  it('wakes each alert once with all its due channels, and nobody before the time', async () => {
    const later = iso(NOW + 1);
    const rig = await createNotifierRig([
      PAGE,
      CHAT,
      { channel: 'email', destination: 'email-ops', next_attempt_at: later },
    ]);
    await run(rig, {});
    expect(woken(rig)).toEqual([{ type: 'delivery.due', channels: ['pagerduty', 'slack'] }]);
  });

  it('publishes outbox rows older than a minute and leaves younger ones to the stream', async () => {
    const rig = await createNotifierRig([]);
    const row = (outbox_id: string, created_at: string) => buildOutbox({ outbox_id, created_at });
    const outbox = [
      row('old', iso(NOW - OUTBOX_AGE_MS)),
      row('young', iso(NOW - OUTBOX_AGE_MS + 1)),
    ];
    await rig.work.commit({ changes: [], journal: [], outbox });
    await run(rig, {});
    expect(woken(rig)).toEqual([{ type: 'alert.opened', channels: ['pagerduty'] }]);
    expect([...rig.tables.outbox.values()].map(({ outbox_id }) => outbox_id)).toEqual(['young']);
  });

  it('takes every due timer, and however many there are, they never hide a delivery', async () => {
    const rig = await createNotifierRig([{ ...PAGE, next_attempt_at: iso(NOW - 1) }]);
    const timers = Array.from({ length: 1_200 }, (_, step) =>
      buildTimer({ alert_id: RIG_ALERT, step, due_at: iso(NOW - 60_000) }),
    );
    for (let from = 0; from < timers.length; from += 100)
      await rig.work.commit({
        changes: timers
          .slice(from, from + 100)
          .map((row) => ({ kind: 'timer', row, expected: 0 }) as const),
        journal: [],
        outbox: [],
      });
    await run(rig, {});
    expect(woken(rig)).toEqual([{ type: 'delivery.due', channels: ['pagerduty'] }]);
    expect(await rig.work.listTimers('t1', RIG_ALERT)).toEqual([]);
  });

  it('tries every shard and then says that something failed', async () => {
    const rig = await createNotifierRig([PAGE]);
    let asked = 0;
    const work = {
      ...rig.work,
      listDue: (...args: Parameters<typeof rig.work.listDue>) =>
        asked++ === 0 ? Promise.reject(new Error('throttled')) : rig.work.listDue(...args),
    };
    const broken = { ...rig, work };
    await expect(run(broken, {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toBe(16);
    await expect(run(rig, {}, downBus)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
