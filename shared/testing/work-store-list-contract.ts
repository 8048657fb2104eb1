import { beforeEach, describe, expect, it } from 'vitest';

import { dueShard } from '#shared/kernel/due-shard.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';

import {
  buildAlert,
  buildDelivery,
  buildEntry,
  buildOutbox,
  buildPointer,
  buildSeen,
  buildSeries,
  buildTimer,
  BUILT_AT,
} from './build-alert.ts';

import { at, commitOf, DAY_MS, id, type WorkStoreUnderTest } from './work-store-rig.ts';

/** What every WorkStore and JournalStore promises of reading, listing and forgetting. */
export function listContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  describe(`${name} keeps the contract of lists and expiry`, () => {
    let work: WorkStore;
    let journal: JournalStore;
    let clock: { now: number };
    beforeEach(async () => {
      ({ work, journal, clock } = await make());
      clock.now = Date.parse(BUILT_AT);
    });

    it('answers batches in the order of the keys, repeats and gaps included', async () => {
      const ids = Array.from({ length: 120 }, (_, n) => id(n));
      for (let from = 0; from < 120; from += 40)
        await work.commit(
          commitOf(
            ids.slice(from, from + 40).map((alert_id) => ({
              kind: 'alert',
              row: buildAlert({ alert_id }),
              expected: 0,
            })),
          ),
        );
      const asked = [...ids, 'none', id(3)];
      const found = await work.getAlerts('t1', asked);
      expect(found.map((row) => row?.alert_id)).toEqual([...ids, undefined, id(3)]);
      expect(await work.getAlerts('t1', [])).toEqual([]);
    });

    it('lists alerts newest first over states and pages, each once', async () => {
      const states = ['OPEN', 'ACK', 'RESOLVED'] as const;
      await work.commit(
        commitOf(
          Array.from({ length: 25 }, (_, n) => ({
            kind: 'alert' as const,
            row: buildAlert({
              alert_id: id(n),
              created_at: at(n - (n % 2)),
              state: states[n % 3]!,
              ...(n % 3 === 2 ? { resolved_at: at(n) } : {}),
            }),
            expected: 0,
          })),
        ),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await work.listAlerts('t1', {}, { limit: 4, ...(cursor ? { cursor } : {}) });
        expect(page.items.length).toBe(page.cursor ? 4 : 1);
        seen.push(...page.items.map((alert) => alert.alert_id));
        cursor = page.cursor;
      } while (cursor);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => id(24 - n)));
    });

    it('applies every filter, and says when a page is the last', async () => {
      const rows = [
        buildAlert({ alert_id: id(1), created_at: at(1) }),
        buildAlert({ alert_id: id(2), created_at: at(2), service: 'search', severity: 'WARN' }),
        buildAlert({ alert_id: id(3), created_at: at(3), state: 'ACK', assigned_to: 'user:Rosa' }),
        buildAlert({ alert_id: id(4), created_at: at(4), service: 'search', title: 'Disk FULL' }),
      ];
      await work.commit(commitOf(rows.map((row) => ({ kind: 'alert', row, expected: 0 }))));
      const list = async (filter: Parameters<WorkStore['listAlerts']>[1]) =>
        (await work.listAlerts('t1', filter, { limit: 100 })).items.map((row) => row.alert_id);
      expect(await list({ states: ['ACK'] })).toEqual([id(3)]);
      expect(await list({ services: ['search'] })).toEqual([id(4), id(2)]);
      expect(await list({ services: ['search', 'checkout'], states: ['OPEN'] })).toEqual([
        id(4),
        id(2),
        id(1),
      ]);
      expect(await list({ severities: ['WARN', 'INFO'] })).toEqual([id(2)]);
      expect(await list({ q: 'rosa' })).toEqual([id(3)]);
      expect(await list({ q: 'disk full' })).toEqual([id(4)]);
      expect(await list({ states: [] })).toEqual([]);
      const page = await work.listAlerts('t1', { services: ['search'] }, { limit: 2 });
      expect(page.cursor).toBeUndefined();
    });

    it('moves an alert between the lists of its states', async () => {
      await work.commit(commitOf([{ kind: 'alert', row: buildAlert(), expected: 0 }]));
      const row = buildAlert({ state: 'ACK', revision: 2 });
      await work.commit(commitOf([{ kind: 'alert', row, expected: 1 }]));
      expect(await work.listAlerts('t1', { states: ['OPEN'] }, { limit: 5 })).toEqual({
        items: [],
      });
      const acked = await work.listAlerts('t1', { states: ['ACK'] }, { limit: 5 });
      expect(acked.items).toEqual([row]);
    });

    it('finds what is due in its shard, soonest first, and only while it is owed', async () => {
      const { alert_id } = buildAlert();
      const shard = dueShard(alert_id);
      await work.commit(
        commitOf([
          { kind: 'timer', row: buildTimer({ due_at: at(60) }), expected: 0 },
          { kind: 'delivery', row: buildDelivery({ next_attempt_at: at(30) }), expected: 0 },
          {
            kind: 'delivery',
            row: buildDelivery({ destination: 'done', next_attempt_at: undefined, status: 'SENT' }),
            expected: 0,
          },
        ]),
      );
      expect(await work.listDue(shard, at(29), 10)).toEqual([]);
      const due = await work.listDue(shard, at(60), 10);
      expect(due.map(({ kind }) => kind)).toEqual(['delivery', 'timer']);
      expect(await work.listDue(shard, at(60), 1)).toHaveLength(1);
      expect(await work.listDue((shard + 1) % 16, at(60), 10)).toEqual([]);
      const sent = buildDelivery({ next_attempt_at: undefined, status: 'SENT', revision: 2 });
      await work.commit(commitOf([{ kind: 'delivery', row: sent, expected: 1 }]));
      expect((await work.listDue(shard, at(60), 10)).map(({ kind }) => kind)).toEqual(['timer']);
    });

    it('keeps what is open for ever and what is resolved for 90 days', async () => {
      const open = buildAlert({ alert_id: id(1) });
      const resolved = buildAlert({ alert_id: id(2), state: 'RESOLVED', resolved_at: BUILT_AT });
      const pointer = buildPointer({ state: 'RESOLVED', resolved_at: BUILT_AT });
      const expires_at = new Date(clock.now + 90 * DAY_MS).toISOString();
      await work.commit(
        commitOf([
          { kind: 'alert', row: open, expected: 0 },
          { kind: 'alert', row: resolved, expected: 0 },
          { kind: 'pointer', row: pointer, expected: 0 },
          { kind: 'delivery', row: buildDelivery({ alert_id: id(2), expires_at }), expected: 0 },
        ]),
      );
      clock.now += 90 * DAY_MS - 1000;
      expect(await work.getAlert('t1', id(2))).toEqual(resolved);
      expect(await work.listDeliveries('t1', id(2))).toHaveLength(1);
      clock.now += 1000;
      expect(await work.getAlert('t1', id(2))).toBeUndefined();
      expect(await work.getAlerts('t1', [id(1), id(2)])).toEqual([open, undefined]);
      expect(await work.getPointers('t1', [pointer])).toEqual([undefined]);
      expect(await work.listDeliveries('t1', id(2))).toEqual([]);
      expect((await work.listAlerts('t1', {}, { limit: 9 })).items).toEqual([open]);
    });

    it('takes an expired row for an absent one, although it may still lie there', async () => {
      const pointer = buildPointer({ state: 'RESOLVED', resolved_at: BUILT_AT, revision: 4 });
      await work.commit(
        commitOf([{ kind: 'pointer', row: { ...pointer, revision: 1 }, expected: 0 }]),
      );
      clock.now += 91 * DAY_MS;
      const fresh = buildPointer({ episode: 2 });
      await work.commit(commitOf([{ kind: 'pointer', row: fresh, expected: 0 }]));
      expect(await work.getPointers('t1', [fresh])).toEqual([fresh]);
    });

    it('forgets a resolved expiry when the alert is opened again', async () => {
      const resolved = buildAlert({ state: 'RESOLVED', resolved_at: BUILT_AT });
      await work.commit(commitOf([{ kind: 'alert', row: resolved, expected: 0 }]));
      const reopened = buildAlert({ revision: 2 });
      await work.commit(commitOf([{ kind: 'alert', row: reopened, expected: 1 }]));
      clock.now += 1000 * DAY_MS;
      expect(await work.getAlert('t1', reopened.alert_id)).toEqual(reopened);
    });

    const longer = buildSeries({ series_key: 'longer', idle_seconds: 90 * 86_400 });
    it('forgets a series after its own idle time and seen buckets after two days', async () => {
      await work.commit(
        commitOf([
          { kind: 'series', row: buildSeries(), expected: 0 },
          { kind: 'series', row: longer, expected: 0 },
          { kind: 'seen', row: buildSeen(), expected: 0 },
        ]),
      );
      clock.now += 2 * DAY_MS;
      expect(await work.getSeen('t1', [buildSeen()])).toEqual([undefined]);
      expect(await work.getSeries('t1', [buildSeries()])).toEqual([buildSeries()]);
      clock.now += 5 * DAY_MS;
      expect(await work.getSeries('t1', [buildSeries(), longer])).toEqual([undefined, longer]);
      clock.now += 83 * DAY_MS;
      expect(await work.getSeries('t1', [longer])).toEqual([undefined]);
    });

    it('finds series that are due, soonest first, each in one shard, until they are due no more', async () => {
      const series = (key: string, due_at?: string) =>
        buildSeries({ series_key: key, last_event_json: '{}', ...(due_at && { due_at }) });
      const rows = [series('b', at(20)), series('a', at(10)), series('c', at(99)), series('d')];
      await work.commit(
        commitOf(rows.map((row) => ({ kind: 'series', row, expected: 0 }) as const)),
      );
      const find = async (before: string) =>
        (
          await Promise.all(
            Array.from({ length: 16 }, (_, shard) => work.listDueSeries(shard, before, 10)),
          )
        ).flat();
      const found = await find(at(20));
      const byKey = found.toSorted((a, b) => (a.series_key < b.series_key ? -1 : 1));
      const key = { tenant: 't1', rule_id: 'cpu-high' };
      expect(byKey).toEqual([
        { ...key, series_key: 'a', due_at: at(10) },
        { ...key, series_key: 'b', due_at: at(20) },
      ]);
      expect(await work.getSeries('t1', [rows[0]!])).toEqual([rows[0]]);
      const { due_at: _none, ...settled } = { ...rows[1]!, revision: 2 };
      await work.commit(commitOf([{ kind: 'series', row: settled, expected: 1 }]));
      expect((await find(at(20))).map(({ series_key }) => series_key)).toEqual(['b']);
      const shards = await Promise.all(
        Array.from({ length: 16 }, (_, shard) => work.listDueSeries(shard, at(99), 1)),
      );
      expect(shards.flat()).toHaveLength(new Set(shards.flat().map((one) => one.series_key)).size);
    });

    it('lists a journal oldest first in pages', async () => {
      const entries = [3, 1, 2, 0].map((n) => buildEntry({ at: at(n), action: `alert.a${n}` }));
      await work.commit(commitOf([], { journal: entries }));
      const subject = entries[0]!.subject;
      const first = await journal.listEntries('t1', subject, { limit: 3 });
      expect(first.items.map(({ action }) => action)).toEqual(['alert.a0', 'alert.a1', 'alert.a2']);
      const rest = await journal.listEntries('t1', subject, { limit: 3, cursor: first.cursor! });
      expect(rest.items.map(({ action }) => action)).toEqual(['alert.a3']);
      expect(rest.cursor).toBeUndefined();
      const newest = await journal.newestEntries('t1', subject, 2);
      expect(newest.map(({ action }) => action)).toEqual(['alert.a3', 'alert.a2']);
    });

    it('lists old outbox rows of a shard and deletes them idempotently', async () => {
      const rows = [0, 1, 2].map((n) => buildOutbox({ created_at: at(n) }));
      await work.commit(commitOf([], { outbox: rows }));
      const find = async (before: string) => {
        const shards = await Promise.all(
          Array.from({ length: 16 }, (_, shard) => journal.listOutbox(shard, before, 10)),
        );
        return shards
          .flat()
          .map(({ created_at }) => created_at)
          .sort();
      };
      expect(await find(at(1))).toEqual([at(0), at(1)]);
      await journal.deleteOutbox(rows);
      await journal.deleteOutbox(rows.slice(0, 1));
      await journal.deleteOutbox([]);
      expect(await find(at(9))).toEqual([]);
    });
  });
}
