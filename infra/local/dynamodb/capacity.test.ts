import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startDynamo } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
const Key = { pk: 'a', sk: '1' };
const DUE = { due_shard: 'D#1', due_at: '1' };
const LATER = { due_shard: 'D#1', due_at: '2' };
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo();
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

/** An item of a little less than `kb` KB. */
const itemOf = (kb: number, more: object = {}) => ({
  ...Key,
  text: 'x'.repeat(kb * 1024 - 200),
  ...more,
});
async function put(Item: object) {
  const command = new PutCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' });
  return (await dynamo.doc.send(command)).ConsumedCapacity;
}

describe('Developer guide, capacity that writes consume', () => {
  it('is of the larger of the item before and after, by the KB', async () => {
    const of = (units: number) => ({
      TableName,
      CapacityUnits: units,
      Table: { CapacityUnits: units },
    });
    expect(await put(itemOf(3))).toEqual(of(3));
    expect(await put(itemOf(1))).toEqual(of(3));
    expect(await put(itemOf(1))).toEqual(of(1));
  });

  it.each([
    ['comes into an index', itemOf(2), itemOf(2, DUE), 2],
    ['changes there', itemOf(3, DUE), itemOf(1, DUE), 3],
    ['changes its place there: a write to go, one to come', itemOf(3, DUE), itemOf(1, LATER), 4],
    ['goes', itemOf(2, DUE), itemOf(1), 2],
    ['stays as it is', itemOf(2, DUE), itemOf(2, DUE), undefined],
    ['was never there', itemOf(2), itemOf(1), undefined],
  ])('is more for an item that %s', async (_, before, after, units) => {
    await put(before);
    const consumed = (await put(after))!;
    expect(consumed.GlobalSecondaryIndexes?.['due']?.CapacityUnits).toBe(units);
    expect(consumed.CapacityUnits).toBe(consumed.Table!.CapacityUnits! + (units ?? 0));
  });

  it('is double for a transaction, but for what follows in the indexes', async () => {
    const answer = await dynamo.doc.send(
      new TransactWriteCommand({
        ReturnConsumedCapacity: 'INDEXES',
        TransactItems: [
          { Put: { TableName, Item: itemOf(2, DUE) } },
          { Delete: { TableName, Key: { pk: 'a', sk: 'none' } } },
        ],
      }),
    );
    expect(answer.ConsumedCapacity).toEqual([
      {
        TableName,
        CapacityUnits: 8,
        Table: { CapacityUnits: 6 },
        GlobalSecondaryIndexes: { due: { CapacityUnits: 2 } },
      },
    ]);
  });

  it('is told of a batch by table, of a delete by what it deletes, and only when asked for', async () => {
    const answer = await dynamo.doc.send(
      new BatchWriteCommand({
        ReturnConsumedCapacity: 'TOTAL',
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: itemOf(2) } },
            { PutRequest: { Item: { ...itemOf(3), sk: '2' } } },
          ],
        },
      }),
    );
    expect(answer.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 5 }]);
    const remove = (more: object) =>
      dynamo.doc.send(new DeleteCommand({ TableName, Key, ...more }));
    const { ConsumedCapacity } = await remove({ ReturnConsumedCapacity: 'TOTAL' });
    expect(ConsumedCapacity).toEqual({ TableName, CapacityUnits: 2 });
    expect((await remove({})).ConsumedCapacity).toBeUndefined();
  });
});
