import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

import type { Backtest, BacktestResult } from '#shared/backtest/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { takeRows } from './dynamo-query.ts';

const KEPT_SECONDS = 7 * 86_400;
const partition = (tenant: string) => `T#${tenant}#BACKTESTS`;
const PLACE = 'PLACE';

/** Backtests in the table `work`, one partition per tenant: small job rows, and rules and result beside them as text. */
export function createDynamoBacktestStore(access: DynamoAccess): BacktestStore {
  const TableName = access.tables.work;
  const { client } = access;
  const send = <Answer>(call: () => Promise<Answer>) => sendPatiently(access, call);

  async function read(tenant: string, sk: string): Promise<unknown> {
    const Key = { pk: partition(tenant), sk };
    const command = new GetCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await send(() => client.send(command));
    return Item && JSON.parse(String(Item['body']));
  }

  async function put(job: Backtest, sk: string, body: unknown, guard: object): Promise<void> {
    const Item = {
      pk: partition(job.tenant),
      sk,
      body: JSON.stringify(body),
      revision: job.revision,
      expires_at: Math.floor(Date.parse(job.created_at) / 1000) + KEPT_SECONDS,
    };
    const command = new PutCommand({ TableName, Item, ...guard });
    try {
      await send(() => client.send(command));
    } catch (cause) {
      if (judge(cause).kind !== 'lost') throw cause;
      // The answer to our own write was lost and it was sent again.
      if (JSON.stringify(await read(job.tenant, sk)) === Item.body) return;
      throw new SentryError('conflict', 'The backtest has changed meanwhile.', { cause });
    }
  }

  return {
    async create(job, rules) {
      await put(job, `RULES#${job.backtest_id}`, rules, {});
      const guard = { ConditionExpression: 'attribute_not_exists(pk)' };
      await put(job, `JOB#${job.backtest_id}`, job, guard);
    },
    async get(tenant, id) {
      return (await read(tenant, `JOB#${id}`)) as Backtest | undefined;
    },
    async rules(tenant, id) {
      return ((await read(tenant, `RULES#${id}`)) ?? []) as DetectionRule[];
    },
    async result(tenant, id) {
      return (await read(tenant, `RESULT#${id}`)) as BacktestResult | undefined;
    },
    async list(tenant, limit) {
      const found = await takeRows(
        access,
        {
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': partition(tenant), ':prefix': 'JOB#' },
          ConsistentRead: true,
          ScanIndexForward: false,
        },
        limit,
      );
      return found.map(({ body }) => JSON.parse(String(body)) as Backtest);
    },
    async save(job, result) {
      if (result) await put(job, `RESULT#${job.backtest_id}`, result, {});
      await put(job, `JOB#${job.backtest_id}`, job, {
        ConditionExpression: 'revision = :expected',
        ExpressionAttributeValues: { ':expected': job.revision - 1 },
      });
    },
    async takePlace(tenant, backtest_id, until) {
      const command = new PutCommand({
        TableName,
        Item: {
          pk: partition(tenant),
          sk: PLACE,
          backtest_id,
          until,
          expires_at: Math.ceil(until / 1000) + KEPT_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now OR backtest_id = :id',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':now': access.now(), ':id': backtest_id },
      });
      return holds(send(() => client.send(command)));
    },
    async leavePlace(tenant, backtest_id) {
      const command = new DeleteCommand({
        TableName,
        Key: { pk: partition(tenant), sk: PLACE },
        ConditionExpression: 'backtest_id = :id',
        ExpressionAttributeValues: { ':id': backtest_id },
      });
      await holds(send(() => client.send(command)));
    },
  };
}

/** Whether the condition of a write held. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (judge(error).kind !== 'lost') throw error;
    return false;
  }
}
