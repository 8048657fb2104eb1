import { once, s3, sqs } from '#functions/_runtime/client.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { createDynamoBacktestStore } from '#shared/adapters/aws/dynamo-backtest-store.ts';
import { createDynamoLookupStore } from '#shared/adapters/aws/dynamo-lookup-store.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createS3EventArchive } from '#shared/adapters/aws/s3-event-archive.ts';
import { createSqsBacktestQueue } from '#shared/adapters/aws/sqs-backtest-queue.ts';
import { createMemoryReplay } from '#shared/adapters/memory/memory-replay.ts';
import type { RunPorts } from '#shared/backtest/run.ts';

/** The runner's stores in this process; what is replayed stays in memory. */
export const backtestPorts = once((): RunPorts => {
  const { SENTRY_STORE_BUCKET, SENTRY_BACKTEST_QUEUE_URL } = readEnvironment();
  const access = dynamoAccess();
  return {
    backtests: createDynamoBacktestStore(access),
    queue: createSqsBacktestQueue(sqs(), SENTRY_BACKTEST_QUEUE_URL),
    archive: createS3EventArchive(s3(), SENTRY_STORE_BUCKET),
    rules: createDynamoRuleStore(access),
    lookups: createDynamoLookupStore(access),
    work: createDynamoWorkStore(access),
    openStores: createMemoryReplay,
  };
});
