import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildAlert, buildSeries, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';
import { workStoreContract } from '#shared/testing/work-store-contract.ts';

import { createDynamoJournalStore } from './dynamo-journal-store.ts';
import { createDynamoWorkStore } from './dynamo-work-store.ts';

const clock = { now: 0 };
const openTables = useLocalDynamo();
const openAccess = () => openTables(() => clock.now);

workStoreContract('DynamoDB', async () => {
  const access = await openAccess();
  return {
    work: createDynamoWorkStore(access),
    journal: createDynamoJournalStore(access),
    clock,
  };
});

describe('detection over DynamoDB', () => {
  it('counts once what is delivered twice, and by four shards at the same time', async () => {
    clock.now = Date.parse(BUILT_AT);
    const work = createDynamoWorkStore(await openAccess());
    const harness = createDetectHarness([buildRule()]);
    const shards = [0, 1, 2, 3].map((shard) =>
      Array.from({ length: 20 }, (_, n) =>
        // Each shard brings five events of its own and fifteen that another brings too.
        buildRecord(100 + n, buildEvent(n < 5 ? 100 * shard + n : n), {
          shard: `shardId-00000000000${shard}`,
        }),
      ),
    );
    for (let delivery = 0; delivery < 2; delivery++)
      await Promise.all(
        shards.map(async (records) => {
          let report = await harness.deliver(records, work);
          while (report.uncommitted !== undefined) report = await harness.deliver(records, work);
        }),
      );
    const { items } = await work.listAlerts('t1', {}, { limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]!.count).toBe(4 * 5 + 15);
    expect(await work.listDeliveries('t1', items[0]!.alert_id)).toHaveLength(4);
  });
});

describe('the DynamoDB work store under faults', () => {
  const open = {
    changes: [{ kind: 'alert', row: buildAlert(), expected: 0 } as const],
    journal: [],
    outbox: [],
  };

  it('retries five times with growing jitter while throttled, then says unavailable', async () => {
    const access = await openAccess();
    const work = createDynamoWorkStore(access);
    access.client.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      },
      { step: 'initialize', name: 'throttled' },
    );
    const error: unknown = await work.commit(open).catch((thrown: unknown) => thrown);
    access.client.middlewareStack.remove('throttled');
    expect(error).toBeInstanceOf(SentryError);
    expect((error as SentryError).code).toBe('unavailable');
    expect(access.pauses).toEqual([12.5, 25, 50, 100, 200]);
  });

  it('gets through when a transaction conflict passes', async () => {
    const access = await openAccess();
    const work = createDynamoWorkStore(access);
    let left = 3;
    access.client.middlewareStack.add(
      (next) => async (args) => {
        if (left-- > 0)
          throw Object.assign(new Error('cancelled'), {
            name: 'TransactionCanceledException',
            CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
          });
        return next(args);
      },
      { step: 'initialize', name: 'contended' },
    );
    await work.commit(open);
    expect(await work.getAlert('t1', buildAlert().alert_id)).toEqual(buildAlert());
    expect(access.pauses).toHaveLength(3);
    access.client.middlewareStack.remove('contended');
  });

  it('says that rows are unfit when no new try could help', async () => {
    const work = createDynamoWorkStore(await openAccess());
    const row = buildAlert({ title: 'x'.repeat(500_000) });
    const change = { kind: 'alert', row, expected: 0 } as const;
    const refused = work.commit({ changes: [change], journal: [], outbox: [] });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('stores text with half a surrogate pair instead of failing on it', async () => {
    const access = await openAccess();
    const work = createDynamoWorkStore(access);
    const alert = buildAlert({ title: 'x\ud800y', service: '\udc00', group_key: '\ud83d' });
    const series = buildSeries({ series_key: '1:\ud83d' });
    await work.commit({
      changes: [
        { kind: 'alert', row: alert, expected: 0 },
        { kind: 'series', row: series, expected: 0 },
      ],
      journal: [],
      outbox: [],
    });
    expect((await work.getAlert('t1', alert.alert_id))?.title).toBe('x\ufffdy');
    expect(await work.getSeries('t1', [series])).toEqual([series]);
    const found = await work.listAlerts('t1', { services: ['\ufffd'] }, { limit: 5 });
    expect(found.items).toHaveLength(1);
  });
});
