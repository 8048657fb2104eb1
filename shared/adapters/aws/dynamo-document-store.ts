import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { Document, DocumentStore } from '#shared/ports/document-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { entryItem, outboxItem } from './dynamo-journal-items.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';

/**
 * Documents of one kind in the table `config`, each as one string, since they may hold any keys;
 * journal and outbox in the same transaction. `kind` names the partition: `SCHEDULES`.
 */
export function createDynamoDocumentStore<Kind extends Document>(
  access: DynamoAccess,
  kind: string,
): DocumentStore<Kind> {
  const { client, tables } = access;
  const partition = (tenant: string) => `T#${tenant}#${kind}`;
  const headKey = (tenant: string, id: string) => ({ pk: partition(tenant), sk: `HEAD#${id}` });
  const versionKey = (tenant: string, id: string, version: number) => ({
    pk: partition(tenant),
    sk: `VERSION#${id}#${String(version).padStart(8, '0')}`,
  });
  const itemOf = (key: Item, document: Kind): Item => ({
    ...key,
    version: document.version,
    body: JSON.stringify(document),
  });
  const documentOf = (item: Item) => JSON.parse(item.body as string) as Kind;

  async function get(tenant: string, id: string): Promise<Item | undefined> {
    const command = new GetCommand({
      TableName: tables.config,
      Key: headKey(tenant, id),
      ConsistentRead: true,
    });
    return (await sendPatiently(access, () => client.send(command))).Item;
  }

  async function query(tenant: string, prefix: string, newestFirst: boolean): Promise<Kind[]> {
    const documents: Kind[] = [];
    for await (const item of queryRows(access, {
      TableName: tables.config,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': partition(tenant), ':prefix': prefix },
      ConsistentRead: true,
      ScanIndexForward: !newestFirst,
    }))
      documents.push(documentOf(item));
    return documents;
  }

  return {
    async list(tenant) {
      const documents = await query(tenant, 'HEAD#', false);
      return documents.filter(({ removed }) => removed !== true);
    },
    async get(tenant, id) {
      const item = await get(tenant, id);
      return item && documentOf(item);
    },
    versions: (tenant, id) => query(tenant, `VERSION#${id}#`, true),
    async save(tenant, { id, document, expected, journal, outbox }) {
      const append = (TableName: string, Item: Item) => ({
        Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' },
      });
      const guard =
        expected === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#version = :expected',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':expected': expected },
            };
      const command = new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.config,
              Item: itemOf(headKey(tenant, id), document),
              ...guard,
            },
          },
          append(tables.config, itemOf(versionKey(tenant, id, document.version), document)),
          ...journal.map((entry) => append(tables.journal, entryItem(entry))),
          ...outbox.map((row) => append(tables.journal, outboxItem(row))),
        ],
      });
      try {
        await sendPatiently(access, () => client.send(command));
      } catch (cause) {
        if (judge(cause).kind !== 'lost') throw cause;
        const current = await get(tenant, id);
        // The answer to our own write was lost and it was sent again.
        if (current?.body === JSON.stringify(document)) return;
        throw new SentryError('conflict', 'Someone else changed this meanwhile.', {
          current: current && documentOf(current),
          cause,
        });
      }
    },
  };
}
