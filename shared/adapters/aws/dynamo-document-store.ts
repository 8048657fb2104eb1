import type { Document, DocumentStore } from '#shared/ports/document-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { commitConfig, readConfig } from './dynamo-config-commit.ts';
import { revisionItem } from './dynamo-document-revision.ts';
import { queryRows } from './dynamo-query.ts';

/**
 * Documents of one kind in the table `config`, each as one string, since they may hold any keys;
 * journal and outbox in the same transaction. `kind` names the partition: `SCHEDULES`.
 */
export function createDynamoDocumentStore<Kind extends Document>(
  access: DynamoAccess,
  kind: string,
): DocumentStore<Kind> {
  const { tables } = access;
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
      const item = await readConfig(access, headKey(tenant, id));
      return item && documentOf(item);
    },
    versions: (tenant, id) => query(tenant, `VERSION#${id}#`, true),
    save(tenant, { id, document, expected, journal, outbox }) {
      const head = itemOf(headKey(tenant, id), document);
      const version = itemOf(versionKey(tenant, id, document.version), document);
      return commitConfig(access, {
        head,
        expected,
        isOurs: ({ body }) => body === head['body'],
        show: documentOf,
        noun: 'this',
        others: [
          { item: version, isNew: true },
          { item: revisionItem(tenant, kind, id, document.version), isNew: false },
        ],
        journal,
        outbox,
      });
    },
  };
}
