import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

import type { RecoverableTopic } from '#shared/live/schema.ts';
import type { LiveStore, StoredFrame, Ticket, TopicHead } from '#shared/ports/live-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { batchGet } from './dynamo-batch-get.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { connectionOf, rowOfConnection, TOPIC_PREFIX } from './live-row.ts';

const ticketKey = (hash: string) => ({ pk: `TICKET#${hash}`, sk: 'TICKET' });
const lookupKey = (id: string) => ({ pk: `CONN#${id}`, sk: 'CONNECTION' });
const connectionKey = (tenant: string, id: string) => ({ pk: `T#${tenant}#CONNECTIONS`, sk: id });
const topicKey = (tenant: string, topic: RecoverableTopic) => `T#${tenant}#TOPIC#${topic}`;
const frameKey = (offset: number) => `FRAME#${String(offset).padStart(12, '0')}`;
/** Unix seconds for the TTL attribute. */
const seconds = (ms: number) => Math.ceil(ms / 1000);

const TENANTS_CACHED_MAX = 10_000;

/**
 * The live store on the table `live`. A connection's row lies under its tenant, so that a broadcast
 * lists all of them with one query; a second row by connection id names the tenant, which never changes
 * and is kept in memory.
 */
export function createDynamoLiveStore(access: DynamoAccess): LiveStore {
  const { client } = access;
  const TableName = access.tables.live;
  const tenants = new Map<string, string>();
  const remember = (connectionId: string, tenant: string) => {
    if (tenants.size >= TENANTS_CACHED_MAX) tenants.clear();
    tenants.set(connectionId, tenant);
  };

  async function tenantOf(connectionId: string): Promise<string | undefined> {
    const known = tenants.get(connectionId);
    if (known !== undefined) return known;
    const found = await sendPatiently(access, () =>
      client.send(
        new GetCommand({ TableName, Key: lookupKey(connectionId), ConsistentRead: true }),
      ),
    );
    const tenant = found.Item?.['tenant'] as string | undefined;
    if (tenant !== undefined) remember(connectionId, tenant);
    return tenant;
  }

  return {
    async putTicket(hash, ticket) {
      const Item = {
        ...ticketKey(hash),
        ticket_json: JSON.stringify(ticket),
        expires_at: seconds(ticket.expires_at),
      };
      await sendPatiently(access, () => client.send(new PutCommand({ TableName, Item })));
    },

    async takeTicket(hash) {
      // A repeated delete whose first answer was lost finds nothing: refused, and the viewer takes a new ticket.
      const taken = await sendPatiently(access, () =>
        client.send(
          new DeleteCommand({ TableName, Key: ticketKey(hash), ReturnValues: 'ALL_OLD' }),
        ),
      );
      const text = taken.Attributes?.['ticket_json'] as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as Ticket);
    },

    async putConnection(connection) {
      const { tenant, connection_id } = connection;
      const expires_at = seconds(connection.expires_at);
      const lookup = { ...lookupKey(connection_id), tenant, expires_at };
      await sendPatiently(access, () =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName, Item: lookup } },
              {
                Put: {
                  TableName,
                  Item: {
                    ...connectionKey(tenant, connection_id),
                    ...rowOfConnection(connection),
                    expires_at,
                  },
                },
              },
            ],
          }),
        ),
      );
      remember(connection_id, tenant);
    },

    async getConnection(connectionId) {
      const tenant = await tenantOf(connectionId);
      if (tenant === undefined) return undefined;
      const Key = connectionKey(tenant, connectionId);
      const found = await sendPatiently(access, () =>
        client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
      );
      return found.Item && connectionOf(found.Item);
    },

    async deleteConnection(connectionId) {
      const tenant = await tenantOf(connectionId);
      if (tenant === undefined) return;
      for (const Key of [connectionKey(tenant, connectionId), lookupKey(connectionId)])
        await sendPatiently(access, () => client.send(new DeleteCommand({ TableName, Key })));
      tenants.delete(connectionId);
    },

    async putSubscription(connectionId, subscription) {
      const tenant = await tenantOf(connectionId);
      if (tenant === undefined) return false;
      try {
        await sendPatiently(access, () =>
          client.send(
            new UpdateCommand({
              TableName,
              Key: connectionKey(tenant, connectionId),
              UpdateExpression: 'SET #topic = :subscription',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#topic': `${TOPIC_PREFIX}${subscription.topic}` },
              ExpressionAttributeValues: { ':subscription': JSON.stringify(subscription) },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (judge(error).kind === 'lost') return false;
        throw error;
      }
    },

    async deleteSubscription(connectionId, topic) {
      const tenant = await tenantOf(connectionId);
      if (tenant === undefined) return;
      try {
        await sendPatiently(access, () =>
          client.send(
            new UpdateCommand({
              TableName,
              Key: connectionKey(tenant, connectionId),
              UpdateExpression: 'REMOVE #topic',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#topic': `${TOPIC_PREFIX}${topic}` },
            }),
          ),
        );
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
      }
    },

    async listConnections(tenant, now) {
      const rows: Record<string, unknown>[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const page = await sendPatiently(access, () =>
          client.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: 'pk = :pk',
              ExpressionAttributeValues: { ':pk': `T#${tenant}#CONNECTIONS` },
              ConsistentRead: true,
              ExclusiveStartKey,
            }),
          ),
        );
        rows.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return rows.map(connectionOf).filter((connection) => connection.expires_at > now);
    },

    async joinTopic(tenant, topic, newEpoch) {
      const joined = await sendPatiently(access, () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { pk: topicKey(tenant, topic), sk: 'HEAD' },
            UpdateExpression:
              'SET epoch = if_not_exists(epoch, :epoch), last_offset = if_not_exists(last_offset, :zero) ADD generation :one',
            ExpressionAttributeValues: { ':epoch': newEpoch, ':zero': 0, ':one': 1 },
            ReturnValues: 'ALL_NEW',
          }),
        ),
      );
      return headOf(joined.Attributes!);
    },

    async heads(tenant, topics) {
      const keys = topics.map((topic) => ({ pk: topicKey(tenant, topic), sk: 'HEAD' }));
      const rows = await batchGet(access, TableName, keys);
      return new Map(
        topics.flatMap((topic, at) => {
          const row = rows[at];
          return row ? [[topic, headOf(row)] as const] : [];
        }),
      );
    },

    async appendFrames(tenant, topic, head, frames, expiresAt, anyGeneration) {
      const pk = topicKey(tenant, topic);
      const Update = {
        TableName,
        Key: { pk, sk: 'HEAD' },
        UpdateExpression: 'SET last_offset = :next',
        ConditionExpression: `epoch = :epoch AND last_offset = :last${anyGeneration ? '' : ' AND generation = :generation'}`,
        ExpressionAttributeValues: {
          ':next': head.offset + frames.length,
          ':last': head.offset,
          ':epoch': head.epoch,
          ...(!anyGeneration && { ':generation': head.generation }),
        },
      };
      const puts = frames.map((items, at) => ({
        Put: {
          TableName,
          Item: {
            pk,
            sk: frameKey(head.offset + at + 1),
            frame_offset: head.offset + at + 1,
            epoch: head.epoch,
            items_json: `[${items.join(',')}]`,
            lengths: items.map((item) => item.length),
            expires_at: seconds(expiresAt),
          },
        },
      }));
      try {
        await sendPatiently(access, () =>
          client.send(new TransactWriteCommand({ TransactItems: [{ Update }, ...puts] })),
        );
        return true;
      } catch (error) {
        if (judge(error).kind === 'lost') return false;
        throw error;
      }
    },

    async readFrames(tenant, topic, after, limit, now) {
      const page = await sendPatiently(access, () =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: {
              ':pk': topicKey(tenant, topic),
              ':from': frameKey(after.offset + 1),
              ':to': frameKey(after.offset + limit),
            },
            ConsistentRead: true,
          }),
        ),
      );
      return (page.Items ?? [])
        .filter((row) => row['epoch'] === after.epoch && Number(row['expires_at']) * 1000 > now)
        .map(frameOf);
    },
  };
}

function headOf(row: Record<string, unknown>): TopicHead {
  return {
    epoch: String(row['epoch']),
    offset: Number(row['last_offset']),
    generation: Number(row['generation']),
  };
}

/** Cuts the kept array text into its items by their lengths, without parsing them. */
function frameOf(row: Record<string, unknown>): StoredFrame {
  const text = String(row['items_json']);
  const items: string[] = [];
  let at = 1;
  for (const length of row['lengths'] as number[]) {
    items.push(text.slice(at, at + length));
    at += length + 1;
  }
  return { offset: Number(row['frame_offset']), items };
}
