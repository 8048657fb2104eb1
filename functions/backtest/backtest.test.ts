import { expect, it } from 'vitest';

import { createMemoryBacktestStore } from '#shared/adapters/memory/memory-backtest-store.ts';
import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import { createMemoryReplay } from '#shared/adapters/memory/memory-replay.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { RunPorts } from '#shared/backtest/run.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildBacktest } from '#shared/testing/build-backtest.ts';

import { backtest } from './backtest.ts';

const now = () => Date.parse(BUILT_AT);

function setUp() {
  const tables = createMemoryTables();
  const backtests = createMemoryBacktestStore(now);
  const ports: RunPorts = {
    backtests,
    queue: { call: async () => undefined },
    archive: createMemoryEventArchive(),
    rules: createMemoryRuleStore(tables),
    lookups: { list: async () => [], get: async () => undefined },
    work: createMemoryWorkStore(tables, now),
    openStores: createMemoryReplay,
  };
  const told: unknown[] = [];
  const report = {
    warn: (what: string) => void told.push(what),
    ended: (_call: object, outcome: string) => void told.push(outcome),
  };
  const run = (bodies: string[], other: Partial<RunPorts> = {}) =>
    backtest(
      { ...ports, ...other },
      { Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) },
      { now },
      report,
    );
  return { backtests, told, run };
}
const CALL = JSON.stringify({ tenant: 't1', backtest_id: 'b1' });

it('a call runs its job once, however often it comes; what is no call is dropped', async () => {
  const { backtests, told, run } = setUp();
  await backtests.create(buildBacktest(), []);
  expect(await run([CALL, CALL, '', '{"tenant":1}'])).toEqual({ batchItemFailures: [] });
  expect(told).toEqual(['done', 'nothing to do', 'not a backtest call', 'not a backtest call']);
  expect(await backtests.get('t1', 'b1')).toMatchObject({ state: 'DONE' });
});

it('a call whose job cannot be read comes again', async () => {
  const { backtests, told, run } = setUp();
  const down = () => Promise.reject(new SentryError('unavailable', 'throttled'));
  const answer = await run([CALL], { backtests: { ...backtests, get: down } });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(told).toEqual(['backtest not run']);
});
