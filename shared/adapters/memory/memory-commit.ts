import { JOURNAL_KEPT_MS, resolvedExpiry, SEEN_KEPT_MS } from '#shared/alert/retention.ts';
import { seriesExpiry } from '#shared/detection/series.ts';
import { groupExpiry } from '#shared/grouping/retention.ts';
import { incidentExpiry, incidentPointerExpiry } from '#shared/incident/retention.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';

import { type Kept, memoryKey, type MemoryTables } from './memory-tables.ts';

interface Write {
  /** Kind and key: a commit names each row once. */
  name: string;
  table: Map<string, Kept<{ revision: number }>>;
  key: string;
  kept?: Kept<{ revision: number }>;
  expected: number;
}

function until(rfc3339: string | undefined): number {
  return rfc3339 === undefined ? Number.POSITIVE_INFINITY : Date.parse(rfc3339);
}

function write(
  tables: MemoryTables,
  change: Exclude<Change, { kind: 'touch' }>,
  now: number,
): Write {
  const { row, expected } = change;
  const put = <Row extends { revision: number }>(
    table: Map<string, Kept<Row>>,
    expires: number,
    ...key: (string | number)[]
  ): Write => ({
    name: `${change.kind.replace('.delete', '')} ${memoryKey(row.tenant, ...key)}`,
    table,
    key: memoryKey(row.tenant, ...key),
    kept: { row: structuredClone(row), until: expires },
    expected,
  });
  const never = Number.POSITIVE_INFINITY;
  switch (change.kind) {
    case 'alert':
      return put(tables.alerts, until(resolvedExpiry(change.row)), change.row.alert_id);
    case 'pointer':
      return put(
        tables.pointers,
        until(resolvedExpiry(change.row)),
        change.row.rule_id,
        change.row.group_key,
      );
    case 'incident':
      return put(tables.incidents, until(incidentExpiry(change.row)), change.row.incident_id);
    case 'incident.pointer':
      return put(
        tables.incidentPointers,
        until(incidentPointerExpiry(change.row)),
        change.row.service,
      );
    case 'alert.group':
      return put(tables.alertGroups, until(groupExpiry(change.row)), change.row.alert_group_id);
    case 'delivery': {
      const { alert_id, step, destination, expires_at } = change.row;
      return put(tables.deliveries, until(expires_at), alert_id, step, destination);
    }
    case 'timer':
      return put(tables.timers, never, change.row.alert_id, change.row.kind, change.row.step);
    case 'timer.delete': {
      const { alert_id, kind, step } = change.row;
      const made = put(tables.timers, never, alert_id, kind, step);
      return { name: made.name, table: made.table, key: made.key, expected };
    }
    case 'series': {
      const { rule_id, series_key } = change.row;
      return put(tables.series, seriesExpiry(change.row), rule_id, series_key);
    }
    case 'seen':
      break;
  }
  const { rule_id, series_key, bucket } = change.row;
  return put(tables.seen, now + SEEN_KEPT_MS, rule_id, series_key, bucket);
}

/** Applies a commit at once or throws `conflict` with nothing written; expired rows count as absent. */
export function applyCommit(tables: MemoryTables, commit: Commit, now: number): void {
  const writes: Write[] = [];
  for (const change of commit.changes)
    if (change.kind !== 'touch') writes.push(write(tables, change, now));
  const count = commit.changes.length + commit.journal.length + commit.outbox.length;
  if (count > 100)
    throw new SentryError('invalid_input', `A commit holds at most 100 rows, not ${count}.`);
  if (new Set(writes.map(({ name }) => name)).size < writes.length)
    throw new SentryError('internal', 'A commit names each row once.');
  for (const { table, key, kept: next, expected } of writes) {
    if (next && next.row.revision !== expected + 1)
      throw new SentryError('internal', 'A row carries the revision after the one expected.');
    const kept = table.get(key);
    const live = kept && kept.until > now ? kept : undefined;
    if ((live?.row.revision ?? 0) !== expected)
      throw new SentryError('conflict', 'Someone else changed this meanwhile.', {
        current: structuredClone(live?.row),
      });
  }
  for (const entry of commit.journal)
    if (tables.journal.has(entry.entry_id))
      throw new SentryError('conflict', 'This entry is in the journal already.');
  for (const { table, key, kept } of writes)
    if (kept) table.set(key, kept);
    else table.delete(key);
  for (const change of commit.changes)
    if (change.kind === 'touch') tables.touches.push(structuredClone(change.row));
  for (const entry of commit.journal)
    tables.journal.set(entry.entry_id, {
      row: structuredClone(entry),
      until: Date.parse(entry.at) + JOURNAL_KEPT_MS,
    });
  for (const row of commit.outbox)
    tables.outbox.set(memoryKey(row.tenant, row.outbox_id), structuredClone(row));
}
