import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamo, streamOf } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
type StoredItem = Record<string, AttributeValue>;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sentry-dynamodb-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the writer until it answered `count` transactions, kills it; returns the last answered. */
async function killAfter(file: string, first: number, count: number): Promise<number> {
  const script = fileURLToPath(new URL('./writer.testing.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let answered = '';
  child.stdout.on('data', (chunk: Buffer) => {
    answered += chunk.toString();
    if (answered.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return Number(answered.split('\n').at(-2));
}

async function allItems(dynamo: ConformanceDynamo, IndexName?: string): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  let ExclusiveStartKey: StoredItem | undefined;
  do {
    const page = await dynamo.client.send(
      new ScanCommand({ TableName, IndexName, ExclusiveStartKey }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

function byKey(items: readonly StoredItem[]): StoredItem[] {
  const key = (item: StoredItem) => `${item['pk']!.S}/${item['sk']!.S}`;
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What the stream says the table holds. */
function replayed(dynamo: ConformanceDynamo): StoredItem[] {
  const items = new Map<string, StoredItem>();
  for (const { partitionKey, record } of streamOf(dynamo.db, TableName)) {
    const { NewImage } = record['dynamodb'] as { NewImage?: StoredItem };
    if (NewImage === undefined) items.delete(partitionKey);
    else items.set(partitionKey, NewImage);
  }
  return [...items.values()];
}

describe('API reference, TransactWriteItems: all actions succeed or none does', () => {
  it('holds over SIGKILL: whole transactions, index and stream agree, nothing answered is lost', async () => {
    const file = join(directory, 'dynamodb.sqlite');
    const setup = await startDynamo({ file });
    await setup.create(TableName);
    await setup.close();
    let next = 1;
    for (const count of [5, 60, 37]) {
      const answered = await killAfter(file, next, count);
      const dynamo = await startDynamo({ file });
      const items = await allItems(dynamo);
      const last = Number(items.find((item) => item['pk']?.S === 'COUNTER')?.['mark']?.N);
      expect(last).toBeGreaterThanOrEqual(answered);
      const expected = ['COUNTER/0'];
      for (let number = 1; number <= last; number++) {
        const kept = number <= last - 5 ? ['0', '1', '2'] : ['0', '1', '2', '3'];
        expected.push(...kept.map((sk) => `T#${number}/${sk}`));
      }
      expect(items.map((item) => `${item['pk']!.S}/${item['sk']!.S}`).sort()).toEqual(
        expected.sort(),
      );
      expect(byKey(replayed(dynamo))).toEqual(byKey(items));
      const indexed = items.filter((item) => item['due_shard'] !== undefined);
      expect(byKey(await allItems(dynamo, 'due'))).toEqual(byKey(indexed));
      await dynamo.close();
      next = last + 1;
    }
  });
});
