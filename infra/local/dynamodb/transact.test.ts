import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamo, streamOf } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo();
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

async function cancellation(command: TransactWriteCommand): Promise<TransactionCanceledException> {
  const error: unknown = await dynamo.doc.send(command).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return error as TransactionCanceledException;
}

describe('API reference, TransactWriteItems', () => {
  it('writes every action of a transaction over several tables', async () => {
    await dynamo.create('journal');
    await dynamo.doc.send(new PutCommand({ TableName, Item: { pk: 'gone', sk: '1' } }));
    await dynamo.doc.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'a', sk: '1', n: 1 } } },
          { Put: { TableName: 'journal', Item: { pk: 'a', sk: '1' } } },
          {
            Update: {
              TableName,
              Key: { pk: 'b', sk: '1' },
              UpdateExpression: 'SET n = if_not_exists(n, :zero) + :one',
              ExpressionAttributeValues: { ':zero': 0, ':one': 1 },
            },
          },
          { Delete: { TableName, Key: { pk: 'gone', sk: '1' } } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'none', sk: '1' },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
    const { Items } = await dynamo.doc.send(new ScanCommand({ TableName }));
    expect(Items).toEqual([
      { pk: 'a', sk: '1', n: 1 },
      { pk: 'b', sk: '1', n: 1 },
    ]);
    expect((await dynamo.doc.send(new ScanCommand({ TableName: 'journal' }))).Count).toBe(1);
  });

  it('gives one cancellation reason per action in order, None where the action was fine', async () => {
    await dynamo.doc.send(new PutCommand({ TableName, Item: { pk: 'a', sk: '1', text: 'x' } }));
    const { CancellationReasons, message } = await cancellation(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'new', sk: '1' } } },
          {
            Put: {
              TableName,
              Item: { pk: 'a', sk: '1' },
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Delete: { TableName, Key: { pk: 'z', sk: '1' } } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'y', sk: '1' },
              ConditionExpression: 'attribute_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      }),
    );
    expect(CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'a' }, sk: { S: '1' }, text: { S: 'x' } },
      },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(message).toContain('[None, ConditionalCheckFailed, None, ConditionalCheckFailed]');
  });

  it('names a runtime type error of one action as ValidationError', async () => {
    await dynamo.doc.send(new PutCommand({ TableName, Item: { pk: 'a', sk: '1', text: 'x' } }));
    const { CancellationReasons } = await cancellation(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { pk: 'a', sk: '1' },
              UpdateExpression: 'SET #t = #t + :one',
              ExpressionAttributeNames: { '#t': 'text' },
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
        ],
      }),
    );
    expect(CancellationReasons?.[0]).toMatchObject({ Code: 'ValidationError' });
  });

  it('leaves no item and no stream record of a cancelled transaction', async () => {
    await cancellation(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'a', sk: '1' } } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'b', sk: '1' },
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    expect((await dynamo.doc.send(new ScanCommand({ TableName }))).Count).toBe(0);
    expect(streamOf(dynamo.db, TableName)).toEqual([]);
  });

  it('refuses two actions on one item and more than 100 actions', async () => {
    const put = (sk: string) => ({ Put: { TableName, Item: { pk: 'a', sk } } });
    await expect(
      dynamo.doc.send(new TransactWriteCommand({ TransactItems: [put('1'), put('1')] })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    const many = (count: number) => Array.from({ length: count }, (_, n) => put(String(n)));
    await dynamo.doc.send(new TransactWriteCommand({ TransactItems: many(100) }));
    await expect(
      dynamo.doc.send(new TransactWriteCommand({ TransactItems: many(101) })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('API reference, TransactWriteItems, ClientRequestToken', () => {
  const add = (amount: number) =>
    new TransactWriteCommand({
      ClientRequestToken: 'token-1',
      TransactItems: [
        {
          Update: {
            TableName,
            Key: { pk: 'a', sk: '1' },
            UpdateExpression: 'ADD n :amount',
            ExpressionAttributeValues: { ':amount': amount },
          },
        },
      ],
    });
  const counted = async () =>
    (await dynamo.doc.send(new GetCommand({ TableName, Key: { pk: 'a', sk: '1' } }))).Item?.['n'];

  it('answers the same request within 10 minutes without a second effect', async () => {
    await dynamo.doc.send(add(1));
    dynamo.clock.advance(9 * 60_000);
    await dynamo.doc.send(add(1));
    expect(await counted()).toBe(1);
  });

  it('takes the token for a new request after 10 minutes', async () => {
    await dynamo.doc.send(add(1));
    dynamo.clock.advance(10 * 60_000 + 1000);
    await dynamo.doc.send(add(1));
    expect(await counted()).toBe(2);
  });

  it('refuses the same token with other parameters', async () => {
    await dynamo.doc.send(add(1));
    await expect(dynamo.doc.send(add(2))).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    expect(await counted()).toBe(1);
  });
});

describe('API reference, TransactGetItems', () => {
  it('answers in the order of the request, empty where there is no item', async () => {
    await dynamo.doc.send(new PutCommand({ TableName, Item: { pk: 'a', sk: '1', n: 1, m: 2 } }));
    const { Responses, ConsumedCapacity } = await dynamo.doc.send(
      new TransactGetCommand({
        ReturnConsumedCapacity: 'TOTAL',
        TransactItems: [
          { Get: { TableName, Key: { pk: 'none', sk: '1' } } },
          { Get: { TableName, Key: { pk: 'a', sk: '1' }, ProjectionExpression: 'n' } },
        ],
      }),
    );
    expect(Responses).toEqual([{}, { Item: { n: 1 } }]);
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4 }]);
  });
});
