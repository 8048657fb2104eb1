import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { QuarantineRow } from '#shared/quarantine/schema.ts';

const KEEP_SECONDS = 90 * 86_400;

/** Quarantine rows in the `work` table (index `by-state`), large bytes as S3 objects. */
export function createAwsQuarantineStore(
  dynamo: DynamoDBDocumentClient,
  s3: S3Client,
  names: { table: string; bucket: string },
): QuarantineStore {
  return {
    async get(tenant, id) {
      const { Item } = await calling(
        dynamo.send(
          new GetCommand({ TableName: names.table, Key: keyOf(tenant, id), ConsistentRead: true }),
        ),
      );
      return Item && rowOf(Item);
    },
    async put(row, expected) {
      await calling(
        dynamo.send(
          new PutCommand({
            TableName: names.table,
            Item: itemOf(row),
            ConditionExpression:
              expected === 0 ? 'attribute_not_exists(pk)' : 'revision = :expected',
            ...(expected > 0 && { ExpressionAttributeValues: { ':expected': expected } }),
          }),
        ),
      );
    },
    async list(tenant, page) {
      const { Items = [], LastEvaluatedKey } = await calling(
        dynamo.send(
          new QueryCommand({
            TableName: names.table,
            IndexName: 'by-state',
            KeyConditionExpression: page.cursor
              ? 'state_key = :state AND state_sort < :after'
              : 'state_key = :state',
            ExpressionAttributeValues: {
              ':state': stateKey(tenant),
              ...(page.cursor && { ':after': page.cursor }),
            },
            ScanIndexForward: false,
            Limit: page.limit,
          }),
        ),
      );
      const last = Items.at(-1);
      return {
        items: Items.map(rowOf),
        ...(LastEvaluatedKey && last && { cursor: String(last.state_sort) }),
      };
    },
    async putBytes(objectKey, bytes) {
      await calling(
        s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: objectKey, Body: bytes })),
      );
    },
    async getBytes(objectKey) {
      const { Body } = await calling(
        s3.send(new GetObjectCommand({ Bucket: names.bucket, Key: objectKey })),
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

/** Names AWS's faults in our words. */
async function calling<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ConditionalCheckFailedException')
      throw new SentryError('conflict', 'The quarantine row has changed.', { cause: error });
    if (name === 'NoSuchKey')
      throw new SentryError('not_found', 'The raw bytes are gone.', { cause: error });
    throw new SentryError('unavailable', `The quarantine cannot be reached: ${name}.`, {
      cause: error,
    });
  }
}
