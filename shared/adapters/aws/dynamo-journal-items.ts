import { JOURNAL_KEPT_MS } from '#shared/alert/retention.ts';
import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import { dueShard } from '#shared/kernel/due-shard.ts';

import type { Item } from './dynamo-access.ts';
import { refuseNewer, ROW_SCHEMA } from './dynamo-row-schema.ts';
import { keys } from './dynamo-work-keys.ts';

/** `before` and `after` may hold any keys, so the whole entry is kept as one string. */
export function entryItem(entry: JournalEntry): Item {
  return {
    pk: keys.subject(entry.tenant, entry.subject.kind, entry.subject.id),
    sk: `${entry.at}#${entry.entry_id}`,
    entry_id: entry.entry_id,
    tenant: entry.tenant,
    action: entry.action,
    actor: entry.actor.toWellFormed(),
    at: entry.at,
    entry_json: JSON.stringify(entry),
    expires_at: Math.floor((Date.parse(entry.at) + JOURNAL_KEPT_MS) / 1000),
  };
}

export function entryOf(item: Item): JournalEntry {
  return JSON.parse(item.entry_json as string) as JournalEntry;
}

export function outboxItem(row: OutboxRow): Item {
  return {
    ...keys.outbox(row.tenant, row.outbox_id),
    row_schema: ROW_SCHEMA,
    tenant: row.tenant,
    outbox_id: row.outbox_id,
    created_at: row.created_at,
    due_shard: keys.due(dueShard(row.outbox_id)),
    due_at: row.created_at,
    envelope_json: JSON.stringify(row.envelope),
  };
}

export function outboxOf(item: Item): OutboxRow {
  refuseNewer(item);
  return {
    outbox_id: item.outbox_id as string,
    tenant: item.tenant as string,
    created_at: item.created_at as string,
    envelope: JSON.parse(item.envelope_json as string) as OutboxRow['envelope'],
  };
}
