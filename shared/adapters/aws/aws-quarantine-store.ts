import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { QuarantineRow } from '#shared/quarantine/schema.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { takeRows } from './dynamo-query.ts';

const KEEP_SECONDS = 90 * 86_400;

/** Quarantine rows in the `work` table (index `by-state`), large bytes as S3 objects in `bucket`. */
export function createAwsQuarantineStore(
  access: DynamoAccess,
  s3: S3Client,
  bucket: string,
): QuarantineStore {
  const { client, tables } = access;
  return {
    async get(tenant, id) {
      const command = new GetCommand({
        TableName: tables.work,
        Key: keyOf(tenant, id),
        ConsistentRead: true,
      });
      const { Item } = await sendPatiently(access, () => client.send(command));
      return Item && rowOf(Item);
    },
    async put(row, expected) {
      const command = new PutCommand({
        TableName: tables.work,
        Item: itemOf(row),
        ConditionExpression: expected === 0 ? 'attribute_not_exists(pk)' : 'revision = :expected',
        ...(expected > 0 && { ExpressionAttributeValues: { ':expected': expected } }),
      });
      try {
        await sendPatiently(access, () => client.send(command));
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
        throw new SentryError('conflict', 'The quarantine row has changed.', { cause: error });
      }
    },
    async list(tenant, page) {
      const found = await takeRows(
        access,
        {
          TableName: tables.work,
          IndexName: 'by-state',
          KeyConditionExpression: page.cursor
            ? 'state_key = :state AND state_sort < :after'
            : 'state_key = :state',
          ExpressionAttributeValues: {
            ':state': stateKey(tenant),
            ...(page.cursor && { ':after': page.cursor }),
          },
          ScanIndexForward: false,
        },
        page.limit + 1,
      );
      const items = found.slice(0, page.limit);
      const last = items.at(-1);
      const hasMore = found.length > page.limit;
      return {
        items: items.map(rowOf),
        ...(hasMore && last && { cursor: String(last.state_sort) }),
      };
    },
    async putBytes(objectKey, bytes) {
      await storing(s3.send(new PutObjectCommand({ Bucket: bucket, Key: objectKey, Body: bytes })));
    },
    async getBytes(objectKey) {
      const { Body } = await storing(
        s3.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey })),
      );
      return Body!.transformToByteArray();
    },
  };
}

const stateKey = (tenant: string) => `T#${tenant}#QUARANTINE`;
const keyOf = (tenant: string, id: string) => ({ pk: `T#${tenant}#Q#${id}`, sk: 'QUARANTINE' });

function itemOf(row: QuarantineRow): Record<string, unknown> {
  return {
    ...keyOf(row.tenant, row.quarantine_id),
    state_key: stateKey(row.tenant),
    state_sort: `${row.last_seen}#${row.quarantine_id}`,
    expires_at: Math.floor(Date.parse(row.last_seen) / 1000) + KEEP_SECONDS,
    ...row,
  };
}

function rowOf(item: Record<string, unknown>): QuarantineRow {
  const { pk: _pk, sk: _sk, state_key: _key, state_sort: _sort, expires_at: _ttl, ...row } = item;
  return row as unknown as QuarantineRow;
}

/** Names S3's faults in our words. */
async function storing<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NoSuchKey')
      throw new SentryError('not_found', 'The raw bytes are gone.', { cause: error });
    throw new SentryError('unavailable', `The raw bytes cannot be reached: ${name}.`, {
      cause: error,
    });
  }
}
