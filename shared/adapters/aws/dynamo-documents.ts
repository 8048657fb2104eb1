import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';

/** A document of the table `config` as text, with the revision to expect when replacing it. */
export interface StoredDocument {
  body: string;
  revision: number;
}

/** Documents kept as JSON text in one attribute of the table `config`, so that they may hold any keys. */
export interface DocumentTable {
  get(pk: string, sk: string): Promise<StoredDocument | undefined>;
  /** Every document of a partition, by sort key. */
  list(pk: string): Promise<StoredDocument[]>;
  /** Writes revision `expected + 1`; throws `conflict` unless the stored one is `expected` (0 = absent). */
  put(pk: string, sk: string, body: string, expected: number): Promise<void>;
}

function read(item: Item): StoredDocument {
  return { body: String(item['body']), revision: Number(item['revision']) };
}

export function createDocumentTable(access: DynamoAccess): DocumentTable {
  const { client, tables } = access;
  return {
    async get(pk, sk) {
      const command = new GetCommand({
        TableName: tables.config,
        Key: { pk, sk },
        ConsistentRead: true,
      });
      const { Item: item } = await sendPatiently(access, () => client.send(command));
      return item && read(item);
    },
    async list(pk) {
      const documents: StoredDocument[] = [];
      for await (const item of queryRows(access, {
        TableName: tables.config,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      }))
        documents.push(read(item));
      return documents;
    },
    async put(pk, sk, body, expected) {
      const guard =
        expected === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': expected },
            };
      const Item = { pk, sk, body, revision: expected + 1 };
      try {
        await sendPatiently(access, () =>
          client.send(new PutCommand({ TableName: tables.config, Item, ...guard })),
        );
      } catch (cause) {
        if (judge(cause).kind !== 'lost') throw cause;
        throw new SentryError('conflict', 'Someone else changed this meanwhile.', { cause });
      }
    },
  };
}
