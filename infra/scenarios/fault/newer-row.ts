import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';

import { awsSettings } from '#infra/scenarios/producer.ts';
import type { Scenario } from '#infra/scenarios/harness.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { until } from '#infra/scenarios/until.ts';
import { TABLES } from '#infra/topology.ts';
import { ROW_SCHEMA } from '#shared/adapters/aws/dynamo-row-schema.ts';

import { disturbance } from './disturb.ts';

const MARKED = [TABLES.state.name, TABLES.work.name];

export const newerRow = disturbance({
  id: 'F20',
  name: 'newer-row',
  what: 'a newer worker wrote the rows: the old one leaves them alone, and nothing is lost when the new one is back',
  repeats: true,
  // A sweep that storage refused is given up; the next one does its work.
  givenUp: ['sentry-sweep-dlq'],
  load: { events: 5_000, matching: 0.06 },
  async disturb(scenario, puts) {
    const detect = scenario.instance.mappings.streams.get('kinesis → detect')!;
    const half = Math.floor(puts.length / 2);
    await scenario.put(puts.slice(0, half), { batch: 500 });
    await scenario.settle(600_000);
    const marked = await markRows(scenario, ROW_SCHEMA + 1);
    const before = await rowsOf(scenario);
    const { failures } = detect.stats();
    await scenario.put(puts.slice(half), { batch: 500 });
    await until(() => detect.stats().failures > failures + 2, 60_000);
    const after = await rowsOf(scenario);
    for (const [key, row] of before)
      if (after.get(key) !== row) throw new Error(`an old worker changed ${key}`);
    await markRows(scenario, ROW_SCHEMA);
    return { rows_of_a_newer_worker: marked, refused: detect.stats().failures - failures };
  },
});

const isVersioned = (row: Record<string, unknown>) => row['row_schema'] !== undefined;

/** What stands in the rows a newer worker wrote, by table and key. */
async function rowsOf({ instance }: Scenario): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of MARKED)
    for (const row of (await scanTable(instance.url, table)).filter(isVersioned))
      if (Number(row['row_schema']) > ROW_SCHEMA)
        found.set(`${table} ${String(row['pk'])} ${String(row['sk'])}`, JSON.stringify(row));
  return found;
}

async function markRows({ instance }: Scenario, rowSchema: number): Promise<number> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(instance.url)));
  let marked = 0;
  try {
    for (const TableName of MARKED)
      for (const row of (await scanTable(instance.url, TableName)).filter(isVersioned)) {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: { pk: row['pk'], sk: row['sk'] },
            UpdateExpression: 'SET row_schema = :schema ADD revision :one',
            ExpressionAttributeValues: { ':schema': rowSchema, ':one': 1 },
          }),
        );
        marked += 1;
      }
  } finally {
    client.destroy();
  }
  return marked;
}
