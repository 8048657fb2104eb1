import { crc32 } from 'node:zlib';
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamo } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
const Key = { pk: 'a', sk: '1' };
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo();
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

const put = (attributes: Record<string, unknown> = {}) =>
  dynamo.doc.send(new PutCommand({ TableName, Item: { ...Key, ...attributes } }));
const update = (input: Partial<UpdateCommandInput>) =>
  dynamo.doc.send(new UpdateCommand({ TableName, Key, ...input }));
const stored = async () => (await dynamo.doc.send(new GetCommand({ TableName, Key }))).Item;

const raw = (operation: string, body: string) =>
  dynamo.db.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: Buffer.from(body),
    region: 'us-east-1',
  });

describe('API reference, PutItem and DeleteItem', () => {
  it('gives every type back as it was put', async () => {
    const item = {
      text: 'ä𝄞',
      empty: '',
      whole: 12,
      flag: false,
      nothing: null,
      list: [1, 'a', { deep: [true] }],
      map: { a: { b: 'c' } },
      tags: new Set(['x', 'y']),
      numbers: new Set([1, 2.5]),
      bytes: new Uint8Array([0, 255]),
    };
    await put(item);
    expect(await stored()).toEqual({ ...Key, ...item });
  });

  it('returns the old item only where ALL_OLD asks for it', async () => {
    expect((await put({ n: 1 })).Attributes).toBeUndefined();
    const Item = { ...Key, n: 2 };
    const second = new PutCommand({ TableName, Item, ReturnValues: 'ALL_OLD' });
    expect((await dynamo.doc.send(second)).Attributes).toEqual({ ...Key, n: 1 });
    const gone = new DeleteCommand({ TableName, Key, ReturnValues: 'ALL_OLD' });
    expect((await dynamo.doc.send(gone)).Attributes).toEqual({ ...Key, n: 2 });
    expect((await dynamo.doc.send(gone)).Attributes).toBeUndefined();
    expect(await stored()).toBeUndefined();
  });

  it('shows the item of a failed condition where ReturnValuesOnConditionCheckFailure asks', async () => {
    await put({ n: 1 });
    const error: unknown = await update({
      UpdateExpression: 'SET n = :two',
      ConditionExpression: 'n = :two',
      ExpressionAttributeValues: { ':two': 2 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item).toEqual({
      pk: { S: 'a' },
      sk: { S: '1' },
      n: { N: '1' },
    });
    const silent: unknown = await dynamo.doc
      .send(new DeleteCommand({ TableName, Key, ConditionExpression: 'attribute_exists(x)' }))
      .catch((e: unknown) => e);
    expect((silent as ConditionalCheckFailedException).Item).toBeUndefined();
  });

  it('refuses a value of no type and a text where a number is meant', async () => {
    const wrong = (value: unknown) =>
      dynamo.client.send(
        new PutItemCommand({
          TableName,
          Item: { pk: { S: 'a' }, sk: { S: '1' }, v: value as AttributeValue },
        }),
      );
    await expect(wrong({ N: 'x' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The parameter cannot be converted to a numeric value: x',
    });
    await expect(wrong({})).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(wrong({ SS: ['a', 'a'] })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses bodies that are not JSON, members of a wrong type, and unknown operations', async () => {
    const refusal = async (operation: string, body: string) => {
      const { status, body: answer } = await raw(operation, body);
      expect(status).toBe(400);
      return (JSON.parse(String(answer)) as { __type: string }).__type.split('#')[1];
    };
    expect(await refusal('PutItem', 'no json')).toBe('SerializationException');
    const typed = '{"TableName":"work","Item":{"pk":{"S":1},"sk":{"S":"1"}}}';
    expect(await refusal('PutItem', typed)).toBe('SerializationException');
    expect(await refusal('PutItem', '{"TableName":"nope","Item":{}}')).toBe(
      'ResourceNotFoundException',
    );
    expect(await refusal('Teleport', '{}')).toBe('UnknownOperationException');
  });

  it('answers with the CRC-32 of the body', async () => {
    const { headers, body } = await raw('ListTables', '{}');
    expect(headers['x-amz-crc32']).toBe(String(crc32(body)));
    expect(String(body)).toBe('{"TableNames":["work"]}');
  });
});

describe('Developer guide, Condition and filter expressions, operators, and functions', () => {
  const item = { n: 5, text: 'abc', list: ['a', 2], map: { k: 'v' }, tags: new Set(['x', 'y']) };
  const holds = async (ConditionExpression: string, values?: Record<string, unknown>) => {
    const input = {
      UpdateExpression: 'REMOVE nothing',
      ConditionExpression,
      ...(values && { ExpressionAttributeValues: values }),
    };
    return update(input).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(ConditionalCheckFailedException);
        return false;
      },
    );
  };

  it('compares numbers as numbers, texts by their bytes, and never across types', async () => {
    await put(item);
    expect(await holds('n > :v AND n < :w', { ':v': 4.5, ':w': 10 })).toBe(true);
    expect(await holds('n > :v', { ':v': '4' })).toBe(false);
    expect(await holds('n BETWEEN :v AND :w', { ':v': 5, ':w': 6 })).toBe(true);
    expect(await holds('n IN (:v, :w)', { ':v': 1, ':w': 5 })).toBe(true);
    expect(await holds('absent <> :v', { ':v': 1 })).toBe(true);
    expect(await holds('absent = :v OR absent < :v', { ':v': 1 })).toBe(false);
  });

  it('compares maps, lists and sets by content', async () => {
    await put(item);
    const input = { ExpressionAttributeNames: { '#map': 'map', '#list': 'list' } };
    await update({
      ...input,
      UpdateExpression: 'REMOVE nothing',
      ConditionExpression: '#map = :m AND #list = :l AND tags = :t',
      ExpressionAttributeValues: { ':m': { k: 'v' }, ':l': ['a', 2], ':t': new Set(['y', 'x']) },
    });
  });

  it('knows the functions', async () => {
    await put(item);
    expect(await holds('attribute_exists(n) AND attribute_not_exists(x)')).toBe(true);
    expect(await holds('attribute_type(tags, :v)', { ':v': 'SS' })).toBe(true);
    expect(await holds('begins_with(pk, :v)', { ':v': 'a' })).toBe(true);
    expect(await holds('contains(tags, :v)', { ':v': 'y' })).toBe(true);
    expect(await holds('NOT contains(tags, :v)', { ':v': 'z' })).toBe(true);
    expect(await holds('size(tags) = :v', { ':v': 2 })).toBe(true);
  });
});

describe('Developer guide, Using update expressions in DynamoDB', () => {
  it('creates the item where there is none and returns what ReturnValues asks', async () => {
    const input = {
      UpdateExpression: 'SET n = if_not_exists(n, :zero) + :one, #l = list_append(:l, :l)',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':zero': 0, ':one': 1, ':l': ['x'] },
    };
    const first = await update({ ...input, ReturnValues: 'ALL_NEW' });
    expect(first.Attributes).toEqual({ ...Key, n: 1, list: ['x', 'x'] });
    const second = await update({ ...input, ReturnValues: 'UPDATED_OLD' });
    expect(second.Attributes).toEqual({ n: 1, list: ['x', 'x'] });
    const third = await update({ ...input, ReturnValues: 'UPDATED_NEW' });
    expect(third.Attributes).toEqual({ n: 3, list: ['x', 'x'] });
  });

  it('reads every operand from the item as it was before', async () => {
    await put({ x: 1, y: 2 });
    await update({ UpdateExpression: 'SET x = y, y = x REMOVE z' });
    expect(await stored()).toEqual({ ...Key, x: 2, y: 1 });
  });

  it('sets and removes inside lists and maps, and adds to and deletes from sets', async () => {
    await put({ a: [0, 1, 2, 3], m: { k: 1 }, s: new Set(['x', 'y']), t: new Set(['only']) });
    await update({
      UpdateExpression: 'SET a[9] = :n, m.j = :n REMOVE a[0], a[2], m.k ADD s :s, c :n DELETE t :t',
      ExpressionAttributeValues: { ':n': 7, ':s': new Set(['y', 'z']), ':t': new Set(['only']) },
    });
    expect(await stored()).toEqual({
      ...Key,
      a: [1, 3, 7],
      m: { j: 7 },
      s: new Set(['x', 'y', 'z']),
      c: 7,
    });
  });

  it('keeps 38 digits exactly and refuses the 39th', async () => {
    const digits = '9'.repeat(38);
    const number = (N: string) =>
      new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, sk: { S: '1' }, n: { N } } });
    await dynamo.client.send(number(`${digits.slice(1)}.10`));
    await expect(dynamo.client.send(number(`${digits}9`))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await dynamo.client.send(number('0.1'));
    await update({
      UpdateExpression: 'SET n = n - :v',
      ExpressionAttributeValues: { ':v': 0.3 },
    });
    expect((await stored())?.['n']).toBe(-0.2);
  });

  it('refuses to change a key, a path that is not there, and overlapping paths', async () => {
    await put();
    const refused = (UpdateExpression: string) =>
      expect(
        update({ UpdateExpression, ExpressionAttributeValues: { ':v': 1 } }),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    await refused('SET sk = :v');
    await refused('SET m.k = :v');
    await refused('SET m = :v, m.k = :v');
    await refused('SET m = x + :v');
  });
});

describe('Developer guide, Reserved words and expression attribute names', () => {
  it('refuses reserved words, and undefined and unused names and values', async () => {
    const refused = (input: Partial<UpdateCommandInput>, message: string) =>
      expect(update(input)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining(message) as unknown,
      });
    const ExpressionAttributeValues = { ':v': 1 };
    await refused(
      { UpdateExpression: 'SET status = :v', ExpressionAttributeValues },
      'Attribute name is a reserved keyword; reserved keyword: status',
    );
    await refused(
      { UpdateExpression: 'SET #s = :v', ExpressionAttributeValues },
      'attribute name used in the document path is not defined',
    );
    await refused({ UpdateExpression: 'SET a = :w', ExpressionAttributeValues }, 'not defined');
    await refused(
      {
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeNames: { '#unused': 'x' },
        ExpressionAttributeValues,
      },
      'unused in expressions: keys: {#unused}',
    );
    await refused(
      { UpdateExpression: 'REMOVE a', ExpressionAttributeValues },
      'unused in expressions: keys: {:v}',
    );
  });

  it('finds the same mistakes when an expression was parsed before', async () => {
    const good = {
      UpdateExpression: 'SET a = :v',
      ExpressionAttributeValues: { ':v': 1 } as Record<string, unknown>,
    };
    await update(good);
    await update({ ...good, ExpressionAttributeValues: { ':v': 'now a text' } });
    expect(await stored()).toEqual({ ...Key, a: 'now a text' });
    await expect(
      update({ ...good, ExpressionAttributeValues: { ':v': 1, ':w': 2 } }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('Service quotas', () => {
  it('takes an item of 400 KB in UTF-8 with its names, and not one byte more', async () => {
    const free = 400 * 1024 - 'pk'.length - 'a'.length - 'sk'.length - '1'.length - 'body'.length;
    await put({ body: 'é'.repeat(Math.floor(free / 2)) + 'x'.repeat(free % 2) });
    await expect(put({ body: 'x'.repeat(free + 1) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
    await expect(
      update({ UpdateExpression: 'SET c = :c', ExpressionAttributeValues: { ':c': 'x' } }),
    ).rejects.toMatchObject({
      message: 'Item size to update has exceeded the maximum allowed size',
    });
  });

  it('refuses keys that are empty, of another type or too long', async () => {
    for (const key of [
      { pk: '', sk: '1' },
      { pk: 1, sk: '1' },
      { pk: 'a', sk: 's'.repeat(1025) },
      { pk: 'p'.repeat(2049), sk: '1' },
      { pk: 'a' },
    ]) {
      const command = new PutCommand({ TableName, Item: key });
      await expect(dynamo.doc.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
    }
    await expect(put({ due_shard: 'D#1', due_at: '' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('API reference, BatchWriteItem and BatchGetItem', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ pk: 'b', sk: String(n) }));
  const write = (list: object[]) =>
    new BatchWriteCommand({
      RequestItems: { [TableName]: list.map((Item) => ({ PutRequest: { Item } })) },
    });

  it('puts, deletes and gets up to its limits', async () => {
    expect((await dynamo.doc.send(write(items(25)))).UnprocessedItems).toEqual({});
    await dynamo.doc.send(
      new BatchWriteCommand({
        RequestItems: { [TableName]: [{ DeleteRequest: { Key: { pk: 'b', sk: '0' } } }] },
      }),
    );
    const get = new BatchGetCommand({ RequestItems: { [TableName]: { Keys: items(25) } } });
    const { Responses, UnprocessedKeys } = await dynamo.doc.send(get);
    expect(Responses?.[TableName]).toHaveLength(24);
    expect(UnprocessedKeys).toEqual({});
    await expect(dynamo.doc.send(write(items(26)))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('refuses one key twice and then writes nothing', async () => {
    const twice = [...items(2), { pk: 'b', sk: '0', n: 1 }];
    await expect(dynamo.doc.send(write(twice))).rejects.toMatchObject({
      message: 'Provided list of item keys contains duplicates',
    });
    expect((await dynamo.doc.send(new ScanCommand({ TableName }))).Count).toBe(0);
  });
});
