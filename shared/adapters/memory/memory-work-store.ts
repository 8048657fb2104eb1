import { alertSort, matchesFilter } from '#shared/alert/filter.ts';
import { seriesDueId } from '#shared/detection/series.ts';
import { incidentSort, matchesIncidentFilter } from '#shared/incident/filter.ts';
import { dueShard } from '#shared/kernel/due-shard.ts';
import type { DueRow, WorkStore } from '#shared/ports/work-store.ts';

import { applyCommit } from './memory-commit.ts';
import { type Kept, memoryKey, type MemoryTables } from './memory-tables.ts';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A WorkStore in this process's memory, for tests. Answers are copies; `now` decides what has expired. */
export function createMemoryWorkStore(tables: MemoryTables, now: () => number): WorkStore {
  function read<Row>(table: Map<string, Kept<Row>>, key: string): Row | undefined {
    const kept = table.get(key);
    return kept && kept.until > now() ? structuredClone(kept.row) : undefined;
  }
  function all<Row>(table: Map<string, Kept<Row>>, where: (row: Row) => boolean): Row[] {
    return [...table.values()]
      .filter((kept) => kept.until > now() && where(kept.row))
      .map((kept) => structuredClone(kept.row));
  }

  const byStep = (a: { step: number }, b: { step: number }) => a.step - b.step;
  const deliveriesOf = (tenant: string, alertId: string) =>
    all(tables.deliveries, (row) => row.tenant === tenant && row.alert_id === alertId).sort(
      (a, b) => byStep(a, b) || byText(a.destination, b.destination),
    );
  const timersOf = (tenant: string, alertId: string) =>
    all(tables.timers, (row) => row.tenant === tenant && row.alert_id === alertId).sort(byStep);

  return {
    async commit(commit) {
      applyCommit(tables, commit, now());
    },
    async getAlert(tenant, alertId) {
      return read(tables.alerts, memoryKey(tenant, alertId));
    },
    async getAlertRows(tenant, alertId) {
      const alert = read(tables.alerts, memoryKey(tenant, alertId));
      return {
        ...(alert && { alert }),
        deliveries: deliveriesOf(tenant, alertId),
        timers: timersOf(tenant, alertId),
      };
    },
    async getPointers(tenant, groups) {
      return groups.map((group) =>
        read(tables.pointers, memoryKey(tenant, group.rule_id, group.group_key)),
      );
    },
    async getAlerts(tenant, alertIds) {
      return alertIds.map((id) => read(tables.alerts, memoryKey(tenant, id)));
    },
    async listAlerts(tenant, filter, { limit, cursor }) {
      const sorted = all(
        tables.alerts,
        (alert) =>
          alert.tenant === tenant &&
          matchesFilter(alert, filter) &&
          (cursor === undefined || alertSort(alert) < cursor),
      ).sort((a, b) => byText(alertSort(b), alertSort(a)));
      const items = sorted.slice(0, limit);
      return sorted.length > limit ? { items, cursor: alertSort(items.at(-1)!) } : { items };
    },
    async getIncident(tenant, incidentId) {
      return read(tables.incidents, memoryKey(tenant, incidentId));
    },
    async getIncidentPointer(tenant, service) {
      return read(tables.incidentPointers, memoryKey(tenant, service));
    },
    async getAlertGroup(tenant, alertGroupId) {
      return read(tables.alertGroups, memoryKey(tenant, alertGroupId));
    },
    async listIncidents(tenant, filter, { limit, cursor }) {
      const sorted = all(
        tables.incidents,
        (row) =>
          row.tenant === tenant &&
          matchesIncidentFilter(row, filter) &&
          (cursor === undefined || incidentSort(row) < cursor),
      ).sort((a, b) => byText(incidentSort(b), incidentSort(a)));
      const items = sorted.slice(0, limit);
      return sorted.length > limit ? { items, cursor: incidentSort(items.at(-1)!) } : { items };
    },
    listDeliveries: async (tenant, alertId) => deliveriesOf(tenant, alertId),
    async getDelivery(tenant, alertId, step, destination) {
      return read(tables.deliveries, memoryKey(tenant, alertId, step, destination));
    },
    listTimers: async (tenant, alertId) => timersOf(tenant, alertId),
    async listDue(shard, before, limit) {
      const due: { at: string; found: DueRow }[] = [];
      for (const row of all(tables.timers, (timer) => timer.due_at <= before))
        due.push({ at: row.due_at, found: { kind: 'timer', row } });
      for (const row of all(
        tables.deliveries,
        ({ next_attempt_at }) => next_attempt_at !== undefined && next_attempt_at <= before,
      ))
        due.push({ at: row.next_attempt_at!, found: { kind: 'delivery', row } });
      return due
        .filter(({ found }) => dueShard(found.row.alert_id) === shard)
        .sort((a, b) => byText(a.at, b.at))
        .slice(0, limit)
        .map(({ found }) => found);
    },
    async getSeries(tenant, keys) {
      return keys.map((key) => read(tables.series, memoryKey(tenant, key.rule_id, key.series_key)));
    },
    async listDueSeries(shard, before, limit) {
      return all(
        tables.series,
        (row) =>
          row.due_at !== undefined && row.due_at <= before && dueShard(seriesDueId(row)) === shard,
      )
        .sort((a, b) => byText(a.due_at!, b.due_at!))
        .slice(0, limit)
        .map(({ tenant, rule_id, series_key, due_at }) => ({
          tenant,
          rule_id,
          series_key,
          due_at: due_at!,
        }));
    },
    async getSeen(tenant, keys) {
      return keys.map((key) =>
        read(tables.seen, memoryKey(tenant, key.rule_id, key.series_key, key.bucket)),
      );
    },
  };
}
