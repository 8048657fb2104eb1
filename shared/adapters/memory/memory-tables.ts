import type { Alert, AlertPointer } from '#shared/alert/schema.ts';
import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { AlertGroup } from '#shared/grouping/schema.ts';
import type { Incident, IncidentPointer } from '#shared/incident/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';

/** A row and when it goes, in milliseconds since the epoch; infinite for what never does. */
export interface Kept<Row> {
  row: Row;
  until: number;
}

/** The tables of one in-memory Sentry, keyed by `memoryKey`; tests may look inside. */
export interface MemoryTables {
  alerts: Map<string, Kept<Alert>>;
  pointers: Map<string, Kept<AlertPointer>>;
  incidents: Map<string, Kept<Incident>>;
  incidentPointers: Map<string, Kept<IncidentPointer>>;
  alertGroups: Map<string, Kept<AlertGroup>>;
  deliveries: Map<string, Kept<Delivery>>;
  timers: Map<string, Kept<Timer>>;
  series: Map<string, Kept<Series>>;
  seen: Map<string, Kept<SeenBucket>>;
  /** Every touch in order, for what live viewers were shown. */
  touches: Alert[];
  journal: Map<string, Kept<JournalEntry>>;
  outbox: Map<string, OutboxRow>;
}

export function createMemoryTables(): MemoryTables {
  return {
    alerts: new Map(),
    pointers: new Map(),
    incidents: new Map(),
    incidentPointers: new Map(),
    alertGroups: new Map(),
    deliveries: new Map(),
    timers: new Map(),
    series: new Map(),
    seen: new Map(),
    touches: [],
    journal: new Map(),
    outbox: new Map(),
  };
}

/** Length-prefixed, so that no two lists of parts make one key. */
export function memoryKey(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `${String(part).length}:${part}`).join('');
}

/** Journal and outbox rows of a commit of configuration, which never expire here. */
export function keepTold(
  tables: Pick<MemoryTables, 'journal' | 'outbox'>,
  journal: readonly JournalEntry[],
  outbox: readonly OutboxRow[],
): void {
  const until = Number.POSITIVE_INFINITY;
  for (const row of journal)
    tables.journal.set(memoryKey(row.tenant, row.entry_id), { row: structuredClone(row), until });
  for (const row of outbox)
    tables.outbox.set(memoryKey(row.tenant, row.outbox_id), structuredClone(row));
}
