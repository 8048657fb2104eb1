import { expect, it } from 'vitest';

import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DueRow } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildDelivery, buildOutbox, buildTimer, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { sweep, type SweepPorts } from './sweep.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock, { tenant: '', actor: 'system:escalate' });
const iso = (ms: number) => new Date(ms).toISOString();

/** Ports over empty tables, a bus that refuses what `refuse` names, and what they were asked. */
function open(fields: Partial<SweepPorts> = {}, refuse?: Parameters<typeof createMemoryBus>[0]) {
  const tables = createMemoryTables();
  const { bus, taken } = createMemoryBus(refuse);
  const ports: SweepPorts = {
    work: createMemoryWorkStore(tables, () => clock.now),
    journal: createMemoryJournalStore(tables, () => clock.now),
    bus,
    timers: { hint: () => Promise.resolve() },
    response: () => Promise.resolve(NO_RESPONSE),
    ...fields,
  };
  return { ports, tables, taken };
}

/** What the first shard has due; the others have nothing. */
function dueRows(rows: readonly DueRow[]) {
  const asked: { before: string; limit: number }[] = [];
  const work = {
    ...open().ports.work,
    listDue: (shard: number, before: string, limit: number) => {
      if (shard > 0) return Promise.resolve([]);
      asked.push({ before, limit });
      return Promise.resolve(rows.slice(0, limit));
    },
  };
  return { work, asked };
}
const timers = (count: number): DueRow[] =>
  Array.from({ length: count }, (_, n) => ({
    kind: 'timer',
    row: buildTimer({ alert_id: `t${n}`, due_at: BUILT_AT }),
  }));
const deliveries = (count: number, fields: Parameters<typeof buildDelivery>[0] = {}): DueRow[] =>
  Array.from({ length: count }, (_, n) => ({
    kind: 'delivery',
    row: buildDelivery({ alert_id: `d${n}`, ...fields }),
  }));

it.each<[string, DueRow[], number[]]>([
  ['less than a page is asked for once', timers(249), [250]],
  ['timers never hide a delivery: more and more is asked for', timers(5_000), [250, 1000, 4000]],
  ['until all is known', timers(999), [250, 1000]],
  ['or a page of deliveries is found', deliveries(250).concat(timers(9)), [250]],
  ['which is not so with one less', deliveries(249).concat(timers(9)), [250, 1000]],
])('%s', async (_name, rows, limits) => {
  const { work, asked } = dueRows(rows);
  const report = await sweep(ctx, open({ work }).ports);
  expect(asked.map(({ limit }) => limit)).toEqual(limits);
  expect(asked[0]!.before).toBe(iso(clock.now + 60_000));
  const found = rows.slice(0, limits.at(-1));
  const count = (kind: string) => found.filter((row) => row.kind === kind).length;
  expect(report).toStrictEqual({
    deliveries: count('delivery'),
    timers: count('timer'),
    outbox: 0,
    errors: [],
  });
});

it('wakes each alert once with every channel that is due, and none before its time', async () => {
  const { work } = dueRows([
    ...deliveries(1),
    ...deliveries(1, { destination: 'pagerduty-second' }),
    ...deliveries(1, { channel: 'webhook', destination: 'hook' }),
    ...deliveries(1, { tenant: 't2' }),
    ...deliveries(1, { channel: 'email', next_attempt_at: iso(clock.now + 1) }),
    ...deliveries(2, { channel: 'slack', next_attempt_at: undefined }),
  ]);
  const { ports, taken } = open({ work });
  expect(await sweep(ctx, ports)).toMatchObject({ deliveries: 4 });
  expect(taken.map(({ type, payload }) => [type, payload])).toEqual([
    [
      'delivery.due',
      { tenant: 't1', alert: { alert_id: 'd0' }, channels: ['pagerduty', 'webhook'] },
    ],
    ['delivery.due', { tenant: 't2', alert: { alert_id: 'd0' }, channels: ['pagerduty'] }],
  ]);
});

it('publishes what the stream left for a minute, page by page, and deletes it', async () => {
  const { ports, tables, taken } = open();
  const rows = Array.from({ length: 600 }, (_, n) =>
    buildOutbox({ outbox_id: `o${n}`, created_at: iso(clock.now - 60_000 - n) }),
  );
  const fresh = buildOutbox({ outbox_id: 'fresh', created_at: iso(clock.now - 59_999) });
  for (let at = 0; at < rows.length; at += 90)
    await ports.work.commit({ changes: [], journal: [], outbox: rows.slice(at, at + 90) });
  await ports.work.commit({ changes: [], journal: [], outbox: [fresh] });
  expect(await sweep(ctx, ports)).toMatchObject({ outbox: 600, errors: [] });
  expect(taken).toHaveLength(600);
  expect([...tables.outbox.values()].map(({ outbox_id }) => outbox_id)).toEqual(['fresh']);
});

it('asks a shard that never ends for 4,000 outbox rows, and one that fails for one page', async () => {
  const asked: number[] = [];
  const page = Array.from({ length: 250 }, (_, n) => buildOutbox({ outbox_id: `o${n}` }));
  const journal = {
    listOutbox: (shard: number) => {
      if (shard > 1) return Promise.resolve([]);
      asked.push(shard);
      return Promise.resolve(page);
    },
    deleteOutbox: () => Promise.resolve(),
  };
  const times = (shard: number) => asked.filter((one) => one === shard).length;
  expect(await sweep(ctx, open({ journal }).ports)).toMatchObject({ outbox: 8_000 });
  expect([times(0), times(1)]).toEqual([16, 16]);
  asked.length = 0;
  await expect(sweep(ctx, open({ journal }, () => 'full').ports)).rejects.toThrow('500 faults');
  expect([times(0), times(1)]).toEqual([1, 1]);
  asked.length = 0;
  const kept = { ...journal, deleteOutbox: () => Promise.reject(new Error('throttled')) };
  await expect(sweep(ctx, open({ journal: kept }).ports)).rejects.toMatchObject({
    message: 'The sweep met 2 faults.',
    cause: ['outbox rows not deleted', 'outbox rows not deleted'],
  });
});

it('tries every shard whatever failed in others, and says what did', async () => {
  const asked: number[] = [];
  const work = {
    ...open().ports.work,
    listDue: (shard: number) => {
      asked.push(shard);
      if (shard === 3) return Promise.reject(new SentryError('unavailable', 'throttled'));
      if (shard === 5) return Promise.reject(Object('no error'));
      return Promise.resolve([]);
    },
  };
  await expect(sweep(ctx, open({ work }).ports)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The sweep met 2 faults.',
    cause: ['throttled', 'no error'],
  });
  expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n));
});

it('begins with another shard each minute', async () => {
  const firstOf = async (now: number) => {
    const asked: number[] = [];
    const work = {
      ...open().ports.work,
      listDue: (shard: number) => {
        asked.push(shard);
        return Promise.resolve([]);
      },
    };
    await sweep(buildContext({ now }), open({ work }).ports);
    return asked[0];
  };
  expect(await Promise.all([0, 59_999, 60_000, 15 * 60_000, 16 * 60_000].map(firstOf))).toEqual([
    0, 0, 1, 15, 0,
  ]);
});

it('reports what the bus refuses to be woken of, and hints that cannot be given', async () => {
  const { work } = dueRows(deliveries(1));
  const refusing = open({ work }, () => 'no room').ports;
  await expect(sweep(ctx, refusing)).rejects.toMatchObject({ cause: ['no room'] });
  const row = buildTimer({ due_at: iso(clock.now + 1_000) });
  const hint = () => Promise.reject(new SentryError('unavailable', 'no queue'));
  const early = { work: dueRows([{ kind: 'timer', row }]).work, timers: { hint } };
  await expect(sweep(ctx, open(early).ports)).rejects.toMatchObject({ cause: ['no queue'] });
});

it('takes what is due by now for its own tenant, and hints what is due a moment later', async () => {
  const due = buildTimer({ tenant: 't2', due_at: BUILT_AT });
  const early = buildTimer({ alert_id: 'b', due_at: iso(clock.now + 1) });
  const rows = [due, early].map((row): DueRow => ({ kind: 'timer', row }));
  const asked: string[] = [];
  const work = {
    ...dueRows(rows).work,
    getAlertRows: (tenant: string, id: string) => {
      asked.push(`${tenant} ${id}`);
      return Promise.reject(new SentryError('unavailable', 'throttled'));
    },
  };
  const end = sweep(ctx, open({ work }).ports);
  await expect(end).rejects.toMatchObject({ cause: ['throttled'] });
  expect(asked).toEqual([`t2 ${due.alert_id}`]);
});
