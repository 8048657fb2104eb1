import { beforeEach, describe, expect, it } from 'vitest';

import { createMemoryBacktestStore } from '#shared/adapters/memory/memory-backtest-store.ts';
import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import { createMemoryReplay } from '#shared/adapters/memory/memory-replay.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { writeArchive } from '#shared/archive/write-archive.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestCall } from '#shared/ports/backtest-queue.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';

import { cancelBacktest } from './cancel.ts';
import { getBacktest, listBacktests } from './read.ts';
import { runBacktest, type RunPorts } from './run.ts';
import type { BacktestResult } from './schema.ts';
import { type BacktestOrder, startBacktest } from './start.ts';

const NOW = Date.parse('2026-03-01T12:30:00.000Z');
const MINUTE = 60_000;
const RUN_MS = 13 * MINUTE;
const { version: _v, author: _a, created_at: _c, updated_at: _u, ...DRAFT } = buildRule();

const lookups = { list: async () => [], get: async () => undefined };
let clock: { now: number };
let calls: { call: BacktestCall; delaySeconds: number }[];
let archive: ReturnType<typeof createMemoryEventArchive>;
let ports: RunPorts;
let backtests: ReturnType<typeof createMemoryBacktestStore>;
let tables: ReturnType<typeof createMemoryTables>;
const ctx = () => buildContext(clock, { actor: 'user:ruth', newId: () => `${calls.length}` });

beforeEach(() => {
  clock = { now: NOW };
  calls = [];
  tables = createMemoryTables();
  archive = createMemoryEventArchive();
  backtests = createMemoryBacktestStore(() => clock.now);
  ports = {
    backtests,
    queue: { call: async (call, delaySeconds) => void calls.push({ call, delaySeconds }) },
    archive,
    rules: createMemoryRuleStore(tables),
    lookups,
    work: createMemoryWorkStore(tables, () => clock.now),
    openStores: createMemoryReplay,
  };
});

/** One object of `count` events of one minute each, from `start` minutes before now. */
async function keep(count: number, start: number): Promise<void> {
  const records = Array.from({ length: count }, (_, n) => {
    const at = NOW - (start - n) * MINUTE;
    const timestamp = new Date(at).toISOString();
    const service = n % 2 ? 'checkout' : 'search';
    return {
      shard: 'shardId-000000000001',
      sequence: String(NOW - start * MINUTE + n),
      partition_key: 'p',
      arrived_at_ms: at,
      data: Buffer.from(JSON.stringify(buildEvent(start * 1000 + n, { timestamp, service }))),
    };
  });
  await writeArchive(records, { signingKey: 'k', defaultTenant: 't1', archive });
}

function order(fields: Partial<BacktestOrder> = {}) {
  const stored = {
    backtests,
    backtestQueue: ports.queue,
    rules: createMemoryRuleStore(tables),
    lookups,
  };
  return startBacktest(stored, ctx(), { rule: DRAFT, max_events: 1_000_000, ...fields });
}
const run = (call = calls.at(-1)!.call) =>
  runBacktest(ports, { now: () => clock.now }, call, { run_ms: RUN_MS });
const read = (id: string) => getBacktest(backtests, ctx(), id);
async function resultOf(fields: Partial<BacktestOrder> = {}): Promise<BacktestResult> {
  const { backtest_id } = await order(fields);
  expect(await run()).toBe('done');
  return (await read(backtest_id)).result!;
}

describe('a backtest', () => {
  it('waits, runs and is done with what the draft would have found', async () => {
    await keep(20, 70);
    const job = await order();
    expect(job).toMatchObject({ state: 'QUEUED', kind: 'draft', rule_id: 'cpu-high', revision: 1 });
    expect(Date.parse(job.to) - Date.parse(job.from)).toBe(24 * 60 * MINUTE);
    expect(await run()).toBe('done');
    const { state, progress, result } = await read(job.backtest_id);
    expect(state).toBe('DONE');
    expect(progress).toMatchObject({ objects_read: 1, objects_total: 1, matches: 20, alerts: 2 });
    expect(result!.alerts.map(({ title, count }) => [title, count])).toEqual([
      ['CPU of search is high', 10],
      ['CPU of checkout is high', 10],
    ]);
    expect(result!.hours.filter(({ matches }) => matches > 0)).toEqual([
      { hour: '2026-03-01T11:00:00.000Z', matches: 20, alerts: 2 },
    ]);
    expect(result!.hours).toHaveLength(25);
    expect(result!.examples).toHaveLength(5);
    expect(result!.examples[0]!.event.event_id).toBe('e-70000');
    expect([...tables.alerts.values(), ...tables.outbox.values()]).toEqual([]);
  });

  it('takes only what arrived in its period', async () => {
    await keep(20, 70);
    const at = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString();
    expect(await resultOf({ from: at(65), to: at(60) })).toMatchObject({ events: 5, matches: 5 });
  });

  it('begins with detectors that have seen the windows before it, and counts nothing of those', async () => {
    await keep(20, 70);
    const detector = { kind: 'threshold', aggregate: 'count', window_seconds: 600, threshold: 5 };
    const from = new Date(NOW - 62 * MINUTE).toISOString();
    const to = new Date(NOW - 60 * MINUTE).toISOString();
    const found = await resultOf({ rule: { ...DRAFT, detector, group_by: [] }, from, to });
    expect(found).toMatchObject({ events: 2, matches: 2, alerts_total: 1 });
    expect(found.alerts[0]).toMatchObject({ opened_at: from, count: 2 });
    expect(found.examples).toHaveLength(2);
  });

  it('names what it could not read, and goes on', async () => {
    await keep(4, 70);
    const folder = [...archive.objects.keys()][0]!.split('shardId')[0]!;
    const torn = `${folder}shardId-000000000002-1-2.ndjson.gz`;
    archive.objects.set(torn, Buffer.from('no gzip'));
    archive.objects.set(`${folder}readme.txt`, Buffer.from('x'));
    const { events, faulty_objects } = await resultOf();
    expect(events).toBe(4);
    expect(faulty_objects.items.map(({ key }) => key).sort()).toEqual([
      `${folder}readme.txt`,
      torn,
    ]);
  });

  it('ends at its limits and says where', async () => {
    await keep(20, 70);
    await keep(20, 40);
    const few = await resultOf({ max_events: 10 });
    expect(few.truncated).toEqual({ reason: 'max_events', until: expect.any(String) });
    expect(few.events).toBeLessThan(40);
    const list = ports.archive.list.bind(archive);
    ports.archive = {
      ...archive,
      list(prefix) {
        clock.now += MINUTE;
        return list(prefix);
      },
    };
    expect((await resultOf()).truncated).toMatchObject({ reason: 'time' });
  });

  it('fails with the reason when the archive cannot be read or the rule cannot run', async () => {
    const { backtest_id } = await order();
    ports.archive = {
      ...archive,
      list() {
        throw new SentryError('unavailable', 'The archive cannot be listed: SlowDown.');
      },
    };
    expect(await run()).toBe('failed');
    expect(await read(backtest_id)).toMatchObject({
      state: 'FAILED',
      error: 'The archive cannot be listed: SlowDown.',
    });
  });
});

describe('a cancelled backtest', () => {
  it('that waits never runs', async () => {
    const { backtest_id } = await order();
    await cancelBacktest(backtests, ctx(), backtest_id);
    expect(await run()).toBe('nothing to do');
    expect((await read(backtest_id)).state).toBe('CANCELLED');
  });

  it('stops with its next sign of life and frees its place', async () => {
    await keep(20, 70);
    const { backtest_id } = await order();
    const get = archive.get.bind(archive);
    ports.archive = {
      ...archive,
      async get(key) {
        await cancelBacktest(backtests, ctx(), backtest_id);
        clock.now += 1_000;
        return get(key);
      },
    };
    expect(await run()).toBe('cancelled');
    expect(await read(backtest_id)).toMatchObject({ state: 'CANCELLED' });
    expect(await backtests.result('t1', backtest_id)).toBeUndefined();
    expect(await backtests.takePlace('t1', 'other', clock.now + 1)).toBe(true);
  });

  it('that has ended stays as it is', async () => {
    const { backtest_id } = await order();
    await run();
    expect((await cancelBacktest(backtests, ctx(), backtest_id)).state).toBe('DONE');
  });
});

describe('a tenant', () => {
  it('has one job running; another is called again ten seconds later', async () => {
    const first = await order();
    await backtests.takePlace('t1', first.backtest_id, clock.now + MINUTE);
    const second = await order();
    expect(await run()).toBe('waiting');
    expect(calls.at(-1)).toEqual({
      call: { tenant: 't1', backtest_id: second.backtest_id },
      delaySeconds: 10,
    });
    clock.now += MINUTE;
    expect(await run()).toBe('done');
  });

  it('is refused an eleventh job, until one has ended', async () => {
    for (let n = 0; n < 10; n++) await order();
    await expect(order()).rejects.toMatchObject({ code: 'rate_limited' });
    await run();
    expect((await order()).state).toBe('QUEUED');
  });

  it('that could not call the runner has no job waiting', async () => {
    ports.queue = { call: () => Promise.reject(new SentryError('unavailable', 'no queue')) };
    await expect(order()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await listBacktests(backtests, ctx(), 10)).toMatchObject([{ state: 'FAILED' }]);
  });

  it('sees a job whose runner died as FAILED, and the job is never run twice', async () => {
    const { backtest_id } = await order();
    const crash = new Error('killed');
    const died = { ...ports, rules: { list: () => Promise.reject(crash) } };
    died.backtests = {
      ...backtests,
      save: (job) => (job.state === 'FAILED' ? Promise.reject(crash) : backtests.save(job)),
    };
    const [{ call }] = calls as [(typeof calls)[0]];
    await expect(
      runBacktest(died, { now: () => clock.now }, call, { run_ms: RUN_MS }),
    ).rejects.toBe(crash);
    expect((await read(backtest_id)).state).toBe('RUNNING');
    expect(await run()).toBe('nothing to do');
    clock.now += MINUTE;
    const seen = await listBacktests(backtests, ctx(), 10);
    expect(seen).toMatchObject([{ state: 'FAILED', error: expect.stringContaining('start it') }]);
    expect(await run()).toBe('failed');
    expect((await backtests.get('t1', backtest_id))!.state).toBe('FAILED');
  });

  it.each([
    [{ from: '2026-03-01T13:00:00Z' }, 'invalid_input'],
    [{ from: '2025-11-01T00:00:00Z' }, 'invalid_input'],
    [{ rule: { ...DRAFT, severity: 'LOUD' } }, 'invalid_input'],
    [{ rule: { ...DRAFT, titel: 'x' } }, 'invalid_input'],
    [{ rule_id: 'cpu-high' }, 'invalid_input'],
    [{ rule: undefined, rule_id: 'none' }, 'not_found'],
  ])('is refused %j', async (fields, code) => {
    await expect(order(fields)).rejects.toMatchObject({ code });
    expect(calls).toEqual([]);
  });
});
