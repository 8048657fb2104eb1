import { PutItemCommand, QueryCommand as RawQueryCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keys, startDynamo } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo();
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

const put = (Item: Record<string, unknown>) => dynamo.doc.send(new PutCommand({ TableName, Item }));
const query = (input: Partial<QueryCommandInput>) =>
  dynamo.doc.send(new QueryCommand({ TableName, ...input }));

async function allPages(input: Partial<QueryCommandInput>): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await query({ ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    pages.push((page.Items ?? []).map((item) => item['sk'] as string));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return pages;
}

const ofPartition = {
  KeyConditionExpression: 'pk = :p',
  ExpressionAttributeValues: { ':p': 'a' } as Record<string, unknown>,
};
const withSort = (condition: string, values: Record<string, unknown>) => ({
  KeyConditionExpression: `pk = :p AND ${condition}`,
  ExpressionAttributeValues: { ':p': 'a', ...values },
});

describe('Developer guide, Querying tables in DynamoDB', () => {
  beforeEach(async () => {
    for (const sk of ['1', '2', '3', '4', '5']) await put({ pk: 'a', sk, n: Number(sk) });
    await put({ pk: 'ab', sk: '1' });
  });

  it('pages in both directions without loss or repetition', async () => {
    expect(await allPages({ ...ofPartition, Limit: 2 })).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(await allPages({ ...ofPartition, Limit: 2, ScanIndexForward: false })).toEqual([
      ['5', '4'],
      ['3', '2'],
      ['1'],
    ]);
  });

  it('understands every comparison of the sort key', async () => {
    const found = async (condition: string, values: Record<string, unknown>) =>
      (await allPages(withSort(condition, values))).flat().join('');
    expect(await found('sk = :a', { ':a': '3' })).toBe('3');
    expect(await found('sk < :a', { ':a': '3' })).toBe('12');
    expect(await found('sk <= :a', { ':a': '3' })).toBe('123');
    expect(await found('sk > :a', { ':a': '3' })).toBe('45');
    expect(await found(':a <= sk', { ':a': '3' })).toBe('345');
    expect(await found('sk BETWEEN :a AND :b', { ':a': '2', ':b': '4' })).toBe('234');
    expect(await found('begins_with(sk, :a)', { ':a': '4' })).toBe('4');
    await put({ pk: 'a', sk: '4x' });
    await put({ pk: 'a', sk: '4\u{10ffff}' });
    expect(await found('begins_with(sk, :a)', { ':a': '4' })).toBe('44x4\u{10ffff}');
  });

  it('counts the limit before the filter, and projects after it', async () => {
    const page = await query({
      KeyConditionExpression: 'pk = :p',
      FilterExpression: 'n > :n',
      ProjectionExpression: '#n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':p': 'a', ':n': 2 },
      Limit: 3,
    });
    expect(page).toMatchObject({ Items: [{ n: 3 }], Count: 1, ScannedCount: 3 });
    expect(page.LastEvaluatedKey).toEqual({ pk: 'a', sk: '3' });
  });

  it('counts only where Select says COUNT', async () => {
    const page = await query({ ...ofPartition, Select: 'COUNT' });
    expect(page).toMatchObject({ Count: 5, ScannedCount: 5 });
    expect(page.Items).toBeUndefined();
  });

  it('refuses filters on key attributes, other keys, and start keys outside the query', async () => {
    for (const input of [
      { ...withSort('n = :n', { ':n': 1 }) },
      {
        ...ofPartition,
        FilterExpression: 'sk = :s',
        ExpressionAttributeValues: { ':p': 'a', ':s': '1' },
      },
      { KeyConditionExpression: 'pk > :p', ExpressionAttributeValues: { ':p': 'a' } },
      { ...ofPartition, ExclusiveStartKey: { pk: 'other', sk: '1' } },
      { ...ofPartition, ExclusiveStartKey: { pk: 'a' } },
      { ...withSort('sk < :s', { ':s': '3' }), ExclusiveStartKey: { pk: 'a', sk: '4' } },
      { ...ofPartition, IndexName: 'nope' },
    ]) {
      await expect(query(input)).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });
});

describe('API reference, Query and Scan: 1 MB of data', () => {
  it('ends a page after 1 MB and goes on from LastEvaluatedKey', async () => {
    for (let n = 0; n < 9; n++) await put({ pk: 'a', sk: String(n), body: 'x'.repeat(300_000) });
    expect(await allPages(ofPartition)).toEqual([
      ['0', '1', '2', '3'],
      ['4', '5', '6', '7'],
      ['8'],
    ]);
    const { Count, LastEvaluatedKey } = await dynamo.doc.send(new ScanCommand({ TableName }));
    expect(Count).toBe(4);
    expect(LastEvaluatedKey).toEqual({ pk: 'a', sk: '3' });
  });
});

describe('Developer guide, Using global secondary indexes in DynamoDB', () => {
  const due = {
    IndexName: 'due',
    KeyConditionExpression: 'due_shard = :d',
    ExpressionAttributeValues: { ':d': 'D#1' } as Record<string, unknown>,
  };

  it('holds only items that have its keys, and follows every change of them', async () => {
    await put({ pk: 'a', sk: '1', due_shard: 'D#1', due_at: '2' });
    await put({ pk: 'a', sk: '2' });
    await put({ pk: 'a', sk: '3', due_shard: 'D#1' });
    expect(await allPages(due)).toEqual([['1']]);
    await put({ pk: 'a', sk: '2', due_shard: 'D#1', due_at: '1' });
    expect(await allPages(due)).toEqual([['2', '1']]);
    await dynamo.doc.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'a', sk: '2' },
        UpdateExpression: 'SET due_at = :later',
        ExpressionAttributeValues: { ':later': '3' },
      }),
    );
    expect(await allPages(due)).toEqual([['1', '2']]);
    await dynamo.doc.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'a', sk: '1' },
        UpdateExpression: 'REMOVE due_at',
      }),
    );
    await dynamo.doc.send(new DeleteCommand({ TableName, Key: { pk: 'a', sk: '2' } }));
    expect(await allPages(due)).toEqual([[]]);
  });

  it('pages through items of one index key without loss', async () => {
    for (let n = 0; n < 5; n++)
      await put({ pk: 'a', sk: String(n), due_shard: 'D#1', due_at: '1' });
    const first = await query({ ...due, Limit: 2 });
    expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(
      ['due_at', 'due_shard', 'pk', 'sk'].sort(),
    );
    expect((await allPages({ ...due, Limit: 2 })).flat()).toEqual(['0', '1', '2', '3', '4']);
    expect((await allPages({ ...due, Limit: 2, ScanIndexForward: false })).flat()).toEqual(
      ['0', '1', '2', '3', '4'].toReversed(),
    );
    const scanned = await dynamo.doc.send(new ScanCommand({ TableName, IndexName: 'due' }));
    expect(scanned.Count).toBe(5);
  });

  it('refuses consistent reads', async () => {
    await expect(query({ ...due, ConsistentRead: true })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Consistent reads are not supported on global secondary indexes',
    });
  });

  it('shows only the projected attributes of an index', async () => {
    await dynamo.create('narrow', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: keys('due_shard', 'due_at'),
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['n'] },
        },
      ],
    });
    const key = { pk: 'a', sk: '1', due_shard: 'D#1', due_at: '1' };
    const Item = { ...key, n: 1, hidden: 2 };
    await dynamo.doc.send(new PutCommand({ TableName: 'narrow', Item }));
    expect((await query({ ...due, TableName: 'narrow' })).Items).toEqual([{ ...key, n: 1 }]);
  });
});

describe('Developer guide, Core components: sort order of keys', () => {
  it('sorts numbers by value and binary by unsigned bytes', async () => {
    const make = (name: string, AttributeType: 'N' | 'B') =>
      dynamo.create(name, {
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType },
        ],
        GlobalSecondaryIndexes: undefined,
      });
    const sorted = async (name: string) => {
      const input = { TableName: name, KeyConditionExpression: 'pk = :p' };
      const values = { ExpressionAttributeValues: { ':p': { S: 'a' } } };
      const { Items } = await dynamo.client.send(new RawQueryCommand({ ...input, ...values }));
      return (Items ?? []).map(({ sk }) => sk?.N ?? Buffer.from(sk?.B ?? []).toString('hex'));
    };
    await make('numbers', 'N');
    const numbers = ['-1000', '-9.5', '-9', '-0.001', '0', '0.0000000001', '1', '1.5', '9', '10'];
    const huge = '99999999999999999999999999999999999999';
    for (const N of [...numbers, huge].toReversed()) {
      const Item = { pk: { S: 'a' }, sk: { N } };
      await dynamo.client.send(new PutItemCommand({ TableName: 'numbers', Item }));
    }
    expect(await sorted('numbers')).toEqual([...numbers, huge]);
    await make('bytes', 'B');
    for (const hex of ['ff', '00ff', '80', '7f', '00']) {
      const Item = { pk: { S: 'a' }, sk: { B: Buffer.from(hex, 'hex') } };
      await dynamo.client.send(new PutItemCommand({ TableName: 'bytes', Item }));
    }
    expect(await sorted('bytes')).toEqual(['00', '00ff', '7f', '80', 'ff']);
  });

  it('sorts texts by their UTF-8 bytes', async () => {
    for (const sk of ['𝄞', '\uffee', 'é', 'z', 'Z']) await put({ pk: 'a', sk });
    expect(await allPages(ofPartition)).toEqual([['Z', 'z', 'é', '\uffee', '𝄞']]);
  });
});

describe('Developer guide, Scanning tables in DynamoDB: parallel scan', () => {
  it('gives every item to exactly one segment', async () => {
    const requests = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: { Item: { pk: `p${n}`, sk: '1' } },
    }));
    await dynamo.doc.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    const found: string[] = [];
    for (const Segment of [0, 1, 2]) {
      const command = new ScanCommand({ TableName, Segment, TotalSegments: 3 });
      const { Items } = await dynamo.doc.send(command);
      found.push(...(Items ?? []).map((item) => item['pk'] as string));
    }
    expect(found.sort()).toEqual(requests.map(({ PutRequest }) => PutRequest.Item.pk).sort());
  });
});
