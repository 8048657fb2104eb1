import { describe, expect, it } from 'vitest';

import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { buildAlert, buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { decide, owesSomething } from './decide.ts';
import { followHint } from './follow-hint.ts';
import type { Delivery } from './schema.ts';

const NOW = Date.parse(BUILT_AT);
const ctx = buildContext({ now: NOW });
const row = buildDelivery();
const hint = {
  kind: 'delivery',
  tenant: 't1',
  alert_id: row.alert_id,
  delivery_key: row.delivery_key,
} as const;

function world(found: Delivery | undefined, refuse?: string) {
  const { bus, taken } = createMemoryBus(() => refuse);
  const { timers, given } = createMemoryTimerHint();
  const asked: unknown[] = [];
  const work = {
    getDelivery: async (...key: unknown[]) => {
      asked.push(key);
      return found;
    },
  };
  return { ports: { work, bus, timers }, taken, given, asked };
}

describe('a hint of a delivery', () => {
  it('wakes the channel of the row it names, when that is due', async () => {
    const { ports, taken, given, asked } = world(row);
    expect(await followHint(ctx, ports, hint)).toBe('woken');
    expect(asked).toEqual([['t1', row.alert_id, 1, 'pagerduty-ops']]);
    expect(taken.map(({ type, payload }) => [type, payload.channels])).toEqual([
      ['delivery.due', ['pagerduty']],
    ]);
    expect(given).toHaveLength(0);
  });

  it('that comes early is given again for exactly the rest of the wait', async () => {
    const later = { ...row, next_attempt_at: new Date(NOW + 1).toISOString() };
    const { ports, taken, given } = world(later);
    expect(await followHint(ctx, ports, hint)).toBe('hinted again');
    expect(given).toHaveLength(1);
    expect(taken).toEqual([]);
  });

  it.each<[string, Delivery | undefined]>([
    ['gone', undefined],
    ['told', { ...row, next_attempt_at: undefined }],
    ['dead', { ...row, status: 'DEAD' }],
  ])('of a row that is %s wakes nobody', async (_name, found) => {
    const { ports, taken, given } = world(found);
    expect(await followHint(ctx, ports, hint)).toBe('nothing owed');
    expect([...taken, ...given]).toEqual([]);
  });

  it('that names no delivery is dropped without asking for one', async () => {
    const { ports, asked } = world(row);
    expect(await followHint(ctx, ports, { ...hint, delivery_key: 'none' })).toBe('nothing owed');
    expect(asked).toEqual([]);
  });

  it('that the bus or the queue does not take is thrown, so that it comes again', async () => {
    const refusing = world(row, 'ThrottlingException').ports;
    await expect(followHint(ctx, refusing, hint)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The bus did not take it: ThrottlingException',
    });
    const silent = { ...world(row).ports, bus: { publish: async () => [] } };
    await expect(followHint(ctx, silent, hint)).rejects.toThrow('no answer');
    const fault = new Error('queue');
    const later = world({ ...row, next_attempt_at: new Date(NOW + 5).toISOString() }).ports;
    const failing = {
      ...later,
      timers: {
        hint: async () => {
          throw fault;
        },
      },
    };
    await expect(followHint(ctx, failing, hint)).rejects.toBe(fault);
  });
});

describe('a delivery', () => {
  it('owes something while it is wanted and not given up', () => {
    expect(owesSomething(row)).toBe(true);
    expect(owesSomething({ ...row, next_attempt_at: undefined })).toBe(false);
    expect(owesSomething({ ...row, status: 'DEAD' })).toBe(false);
  });

  it('is left alone while another holds it, and may be taken by its holder and after the lease', () => {
    const held = { ...row, lease_owner: 'n1', lease_until: new Date(NOW + 1).toISOString() };
    const alert = buildAlert();
    expect(decide(held, alert, NOW, 'n2')).toMatchObject({ kind: 'wait', reason: 'leased' });
    expect(decide(held, alert, NOW)).toMatchObject({ kind: 'wait', reason: 'leased' });
    expect(decide(held, alert, NOW, 'n1')).toEqual({ kind: 'send', intent: 'trigger' });
    expect(decide(held, alert, NOW + 1, 'n2')).toEqual({ kind: 'send', intent: 'trigger' });
  });

  it('that was told is told again only when an attempt without an end may have said otherwise', () => {
    const told = { ...row, sent: 'trigger' } as const;
    const alert = buildAlert();
    expect(decide(told, alert, NOW)).toEqual({ kind: 'already_sent' });
    expect(decide({ ...told, tried: 'trigger' }, alert, NOW)).toEqual({ kind: 'already_sent' });
    expect(decide({ ...told, tried: 'resolve' }, alert, NOW)).toMatchObject({ kind: 'send' });
  });
});
