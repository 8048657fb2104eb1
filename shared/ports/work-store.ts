import type { Alert, AlertPointer, AlertState } from '#shared/alert/schema.ts';
import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Series, SeenBucket } from '#shared/detection/series.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { AlertGroup } from '#shared/grouping/schema.ts';
import type { Incident, IncidentPointer, IncidentStatus } from '#shared/incident/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { Delivery } from '#shared/notification/schema.ts';

/**
 * One row to be written in a commit. `expected` is the revision the writer read, 0 for "must be
 * absent"; the row carries `revision = expected + 1`. A different revision in the store fails the whole commit.
 */
export type Change =
  | { kind: 'pointer'; row: AlertPointer; expected: number }
  | { kind: 'alert'; row: Alert; expected: number }
  | { kind: 'incident'; row: Incident; expected: number }
  | { kind: 'incident.pointer'; row: IncidentPointer; expected: number }
  | { kind: 'alert.group'; row: AlertGroup; expected: number }
  | { kind: 'delivery'; row: Delivery; expected: number }
  | { kind: 'timer'; row: Timer; expected: number }
  | { kind: 'timer.delete'; row: Timer; expected: number }
  | { kind: 'series'; row: Series; expected: number }
  | { kind: 'seen'; row: SeenBucket; expected: number }
  /** Shows the alert as it now stands to live viewers; unconditional, short-lived, never journalled. */
  | { kind: 'touch'; row: Alert };

/** Most rows of one commit: what one TransactWriteItems takes. */
export const COMMIT_ROWS_MAX = 100;

/** Everything that happens at once: all of it or nothing (one TransactWriteItems, ≤ 100 rows). */
export interface Commit {
  changes: readonly Change[];
  journal: readonly JournalEntry[];
  outbox: readonly OutboxRow[];
}

export interface AlertFilter {
  states?: readonly AlertState[];
  severities?: readonly Severity[];
  services?: readonly string[];
  /** Case-insensitive part of title, alert id, rule id, service or assignee. */
  q?: string;
}

export interface IncidentFilter {
  statuses?: readonly IncidentStatus[];
  severities?: readonly Severity[];
  services?: readonly string[];
  /** RFC 3339; those that were opened then or later. */
  opened_after?: string;
}

/** A page of rows, newest first; `cursor` is absent on the last page. */
export interface Page<Row> {
  items: Row[];
  cursor?: string;
}

/** Names one series of one rule. */
export interface SeriesKey {
  rule_id: string;
  series_key: string;
}

/** A series that is due to be judged though no event came, as the index has it: its row may have changed since. */
export interface DueSeries extends SeriesKey {
  tenant: string;
  /** RFC 3339. */
  due_at: string;
}

/** What the rows of the escalation sweeper have in common. */
export type DueRow = { kind: 'timer'; row: Timer } | { kind: 'delivery'; row: Delivery };

/** An alert with what is owed and promised for it, both by step. */
export interface StoredAlert {
  alert?: Alert;
  deliveries: Delivery[];
  timers: Timer[];
}

/** Alerts, incidents, pointers, deliveries, timers and detector series. All methods throw `unavailable` on throttling or network faults. */
export interface WorkStore {
  /** Throws `conflict` when an expectation failed and nothing was written. Retries transaction conflicts ×5 with jitter, then throws `unavailable`. Rows too large or otherwise unfit are `invalid_input`. */
  commit(commit: Commit): Promise<void>;
  getAlert(tenant: string, alertId: string): Promise<Alert | undefined>;
  /** Everything kept under one alert in one read, strongly consistent; timers may stand where no alert is. */
  getAlertRows(tenant: string, alertId: string): Promise<StoredAlert>;
  /** In the order of the keys; strongly consistent. */
  getPointers(
    tenant: string,
    groups: readonly { rule_id: string; group_key: string }[],
  ): Promise<(AlertPointer | undefined)[]>;
  /** In the order of the ids; strongly consistent. */
  getAlerts(tenant: string, alertIds: readonly string[]): Promise<(Alert | undefined)[]>;
  /** Newest first by `created_at`; `limit` ≤ 100. The filter is applied in the store, so a page may be short only at the end. */
  listAlerts(
    tenant: string,
    filter: AlertFilter,
    page: { limit: number; cursor?: string },
  ): Promise<Page<Alert>>;
  getIncident(tenant: string, incidentId: string): Promise<Incident | undefined>;
  /** Strongly consistent, as `getIncident` is. */
  getIncidentPointer(tenant: string, service: string): Promise<IncidentPointer | undefined>;
  /** A group of alerts that are told together; strongly consistent. */
  getAlertGroup(tenant: string, alertGroupId: string): Promise<AlertGroup | undefined>;
  /** Newest first by `opened_at`; `limit` ≤ 100. */
  listIncidents(
    tenant: string,
    filter: IncidentFilter,
    page: { limit: number; cursor?: string },
  ): Promise<Page<Incident>>;
  listDeliveries(tenant: string, alertId: string): Promise<Delivery[]>;
  getDelivery(
    tenant: string,
    alertId: string,
    step: number,
    destination: string,
  ): Promise<Delivery | undefined>;
  listTimers(tenant: string, alertId: string): Promise<Timer[]>;
  /** Rows due at or before `before` (RFC 3339), soonest first, across tenants; `shard` 0…15. */
  listDue(shard: number, before: string, limit: number): Promise<DueRow[]>;
  /** In the order of the keys; strongly consistent. */
  getSeries(tenant: string, keys: readonly SeriesKey[]): Promise<(Series | undefined)[]>;
  /** Series due at or before `before` (RFC 3339), soonest first, across tenants; `shard` 0…15. */
  listDueSeries(shard: number, before: string, limit: number): Promise<DueSeries[]>;
  /** In the order of the keys; strongly consistent. */
  getSeen(
    tenant: string,
    keys: readonly (SeriesKey & { bucket: number })[],
  ): Promise<(SeenBucket | undefined)[]>;
}

/** The append-only journal and the outbox beside it. */
export interface JournalStore {
  /** Oldest first. */
  listEntries(
    tenant: string,
    subject: { kind: string; id: string },
    page: { limit: number; cursor?: string },
  ): Promise<Page<JournalEntry>>;
  /** The last `limit` entries, newest first. */
  newestEntries(
    tenant: string,
    subject: { kind: string; id: string },
    limit: number,
  ): Promise<JournalEntry[]>;
  /** Outbox rows created at or before `before` (RFC 3339), oldest first; `shard` 0…15. */
  listOutbox(shard: number, before: string, limit: number): Promise<OutboxRow[]>;
  /** Idempotent. */
  deleteOutbox(rows: readonly { tenant: string; outbox_id: string }[]): Promise<void>;
}
