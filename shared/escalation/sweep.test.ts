import { expect, it } from 'vitest';

import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { BUILT_AT, buildAlert, buildTimer } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';

import type { Timer } from './schema.ts';
import { sweep, type SweepPorts } from './sweep.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock, { tenant: '', actor: 'system:escalate' });
const iso = (ms: number) => new Date(ms).toISOString();

/** Alerts of several tenants, each with the timer of its second step. */
async function open(count: number, timer: (n: number) => Partial<Timer>) {
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const { timers, given } = createMemoryTimerHint();
  const asked: string[] = [];
  const ports: SweepPorts = {
    work,
    journal: createMemoryJournalStore(tables, () => clock.now),
    bus: createMemoryBus().bus,
    timers,
    response: async (tenant): Promise<ResponseRules> => {
      asked.push(tenant);
      return { ...NO_RESPONSE, policies: [buildPolicy()] };
    },
  };
  for (let n = 0; n < count; n++) {
    const own = { tenant: `t${n % 3}`, alert_id: `alert-${n}` };
    await work.commit({
      changes: [
        { kind: 'alert', row: buildAlert(own), expected: 0 },
        { kind: 'timer', row: buildTimer({ ...own, ...timer(n) }), expected: 0 },
      ],
      journal: [],
      outbox: [],
    });
  }
  return { ports, tables, given, asked };
}

it('takes every timer that is due, of all tenants, in one sweep, and reads each tenant’s rules once', async () => {
  const { ports, tables, asked } = await open(2_000, (n) => ({
    due_at: iso(clock.now - n * 1000),
  }));
  const report = await sweep(ctx, ports);
  expect(report).toMatchObject({ timers: 2_000, errors: [] });
  expect(tables.timers.size).toBe(0);
  expect(tables.deliveries.size).toBe(2_000);
  expect(asked.toSorted()).toEqual(['t0', 't1', 't2']);
}, 60_000);

it('hints what falls due before the next sweep, takes nothing early, and leaves the rest', async () => {
  const { ports, tables, given } = await open(3, (n) => ({
    due_at: iso(clock.now + n * 59_000 + 1000),
  }));
  await sweep(ctx, ports);
  expect(given.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)).toEqual([1_000, 60_000]);
  expect(tables.timers.size).toBe(3);
});

it('takes all others when one cannot be taken, and then says so', async () => {
  const { ports, tables } = await open(20, () => ({ due_at: iso(clock.now) }));
  const work = {
    ...ports.work,
    getAlertRows: (tenant: string, id: string) =>
      id === 'alert-7'
        ? Promise.reject(new SentryError('unavailable', 'throttled'))
        : ports.work.getAlertRows(tenant, id),
  };
  await expect(sweep(ctx, { ...ports, work })).rejects.toMatchObject({ code: 'unavailable' });
  expect([...tables.timers.values()].map(({ row }) => row.alert_id)).toEqual(['alert-7']);
});
