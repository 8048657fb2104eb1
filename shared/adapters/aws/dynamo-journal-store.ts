import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { sendPatiently } from './dynamo-patience.ts';
import { entryOf, outboxOf } from './dynamo-journal-items.ts';
import { takeRows } from './dynamo-query.ts';
import { keys } from './dynamo-work-keys.ts';

/** Limit of one BatchWriteItem. */
const ROWS_MAX = 25;
const ROUNDS_MAX = 8;

/** The JournalStore over the table `journal`; it deletes nothing but `OUTBOX#` keys. */
export function createDynamoJournalStore(access: DynamoAccess): JournalStore {
  const { client, tables } = access;

  async function deleteChunk(rows: readonly { tenant: string; outbox_id: string }[]) {
    let left: unknown[] = rows.map(({ tenant, outbox_id }) => ({
      DeleteRequest: { Key: keys.outbox(tenant, outbox_id) },
    }));
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const RequestItems = { [tables.journal]: left as [] };
      const answer = await sendPatiently(access, () =>
        client.send(new BatchWriteCommand({ RequestItems })),
      );
      left = answer.UnprocessedItems?.[tables.journal] ?? [];
      if (left.length === 0) return;
      await access.sleep(access.random() * 50 * 2 ** round);
    }
    throw new SentryError('unavailable', 'The database leaves outbox rows undeleted.');
  }

  return {
    async listEntries(tenant, subject, { limit, cursor }) {
      const rows = await takeRows(
        access,
        {
          TableName: tables.journal,
          KeyConditionExpression: cursor ? 'pk = :pk AND sk > :cursor' : 'pk = :pk',
          ExpressionAttributeValues: {
            ':pk': keys.subject(tenant, subject.kind, subject.id),
            ...(cursor && { ':cursor': cursor }),
          },
          ConsistentRead: true,
        },
        limit + 1,
      );
      const items = rows.slice(0, limit).map(entryOf);
      return rows.length > limit ? { items, cursor: rows[limit - 1]!.sk as string } : { items };
    },
    async newestEntries(tenant, { kind, id }, limit) {
      const rows = await takeRows(
        access,
        {
          TableName: tables.journal,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': keys.subject(tenant, kind, id) },
          ConsistentRead: true,
          ScanIndexForward: false,
        },
        limit,
      );
      return rows.map(entryOf);
    },
    async listOutbox(shard, before, limit) {
      const rows = await takeRows(
        access,
        {
          TableName: tables.journal,
          IndexName: 'due',
          KeyConditionExpression: 'due_shard = :shard AND due_at <= :before',
          ExpressionAttributeValues: { ':shard': keys.due(shard), ':before': before },
        },
        limit,
      );
      return rows.map(outboxOf);
    },
    async deleteOutbox(rows) {
      const distinct = [
        ...new Map(rows.map((row) => [`${row.tenant}\n${row.outbox_id}`, row])).values(),
      ];
      for (let from = 0; from < distinct.length; from += ROWS_MAX)
        await deleteChunk(distinct.slice(from, from + ROWS_MAX));
    },
  };
}
