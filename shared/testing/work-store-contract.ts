import { beforeEach, describe, expect, it } from 'vitest';

import { dueShard } from '#shared/kernel/due-shard.ts';
import { isTransient, SentryError } from '#shared/kernel/error.ts';
import type { Change, Commit, JournalStore, WorkStore } from '#shared/ports/work-store.ts';

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

/** One fresh pair of stores over the same tables, and the clock they look at. */
interface WorkStoreUnderTest {
  work: WorkStore;
  journal: JournalStore;
  clock: { now: number };
}

const DAY_MS = 86_400_000;
const commitOf = (changes: readonly Change[], more: Partial<Commit> = {}): Commit => ({
  changes,
  journal: [],
  outbox: [],
  ...more,
});
const id = (n: number) => `alert-${String(n).padStart(4, '0')}`;
const at = (seconds: number) => new Date(Date.parse(BUILT_AT) + seconds * 1000).toISOString();
async function refusal(work: Promise<unknown>): Promise<SentryError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SentryError);
  return error as SentryError;
}

/** What every WorkStore and JournalStore promises; each adapter's test calls it with a fresh pair per case. */
export function workStoreContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  describe(`${name} keeps the work store contract`, () => {
    let work: WorkStore;
    let journal: JournalStore;
    let clock: { now: number };
    beforeEach(async () => {
      ({ work, journal, clock } = await make());
      clock.now = Date.parse(BUILT_AT);
    });

    it('gives back every kind of row exactly as it was committed', async () => {
      const alert = buildAlert();
      const changes: Change[] = [
        { kind: 'alert', row: alert, expected: 0 },
        { kind: 'pointer', row: buildPointer(), expected: 0 },
        { kind: 'delivery', row: buildDelivery({ lease_owner: 'n', receipt: '202' }), expected: 0 },
        { kind: 'timer', row: buildTimer(), expected: 0 },
        { kind: 'series', row: buildSeries(), expected: 0 },
        { kind: 'seen', row: buildSeen(), expected: 0 },
        { kind: 'touch', row: alert },
      ];
      const entry = buildEntry();
      await work.commit(commitOf(changes, { journal: [entry], outbox: [buildOutbox()] }));
      expect(await work.getAlert('t1', alert.alert_id)).toEqual(alert);
      const group = { rule_id: 'cpu-high', group_key: '8:checkout' };
      expect(await work.getPointers('t1', [group])).toEqual([buildPointer()]);
      const delivery = buildDelivery({ lease_owner: 'n', receipt: '202' });
      expect(await work.listDeliveries('t1', alert.alert_id)).toEqual([delivery]);
      expect(await work.getDelivery('t1', alert.alert_id, 1, 'pagerduty-ops')).toEqual(delivery);
      expect(await work.listTimers('t1', alert.alert_id)).toEqual([buildTimer()]);
      const key = { rule_id: 'cpu-high', series_key: '8:checkout' };
      expect(await work.getSeries('t1', [key])).toEqual([buildSeries()]);
      expect(await work.getSeen('t1', [{ ...key, bucket: 29_539_440 }])).toEqual([buildSeen()]);
      const subject = { kind: 'alert', id: alert.alert_id };
      expect(await journal.listEntries('t1', subject, { limit: 10 })).toEqual({ items: [entry] });
      const { outbox_id } = buildOutbox();
      expect(await journal.listOutbox(dueShard(outbox_id), BUILT_AT, 10)).toEqual([buildOutbox()]);
    });

    it('keeps an empty detector state and hostile text apart from its own structure', async () => {
      const series = buildSeries({ state: new Uint8Array(), fence: {} });
      const alert = buildAlert({
        title: '__proto__ \u0000 "#" \u{1F512}',
        labels: { constructor: 'x', ['__proto__']: 'y' },
        explain: { detector: 'm', summary: '', expected: '', observed: '' },
      });
      await work.commit(
        commitOf([
          { kind: 'series', row: series, expected: 0 },
          { kind: 'alert', row: alert, expected: 0 },
        ]),
      );
      expect(await work.getSeries('t1', [series])).toEqual([series]);
      expect(await work.getAlert('t1', alert.alert_id)).toEqual(alert);
    });

    it('writes nothing at all when one expectation fails, and hands over the winner', async () => {
      const winner = buildAlert({ count: 7 });
      await work.commit(commitOf([{ kind: 'alert', row: winner, expected: 0 }]));
      const error = await refusal(
        work.commit(
          commitOf(
            [
              { kind: 'timer', row: buildTimer(), expected: 0 },
              { kind: 'alert', row: buildAlert({ count: 8, revision: 1 }), expected: 0 },
              { kind: 'series', row: buildSeries(), expected: 0 },
            ],
            { journal: [buildEntry()], outbox: [buildOutbox()] },
          ),
        ),
      );
      expect(error.code).toBe('conflict');
      expect(error.current).toEqual(winner);
      expect(await work.getAlert('t1', winner.alert_id)).toEqual(winner);
      expect(await work.listTimers('t1', winner.alert_id)).toEqual([]);
      expect(await work.getSeries('t1', [buildSeries()])).toEqual([undefined]);
      const subject = { kind: 'alert', id: winner.alert_id };
      expect(await journal.listEntries('t1', subject, { limit: 9 })).toEqual({ items: [] });
      expect(await journal.listOutbox(dueShard(buildOutbox().outbox_id), at(9), 9)).toEqual([]);
    });

    it.each([
      ['alert', buildAlert()],
      ['pointer', buildPointer()],
      ['delivery', buildDelivery()],
      ['timer', buildTimer()],
      ['series', buildSeries()],
      ['seen', buildSeen()],
    ] as const)('lets one of two writers of the same %s revision through', async (kind, row) => {
      const next = (revision: number) => ({ kind, row: { ...row, revision } }) as Change;
      const write = (expected: number) =>
        work.commit(commitOf([{ ...next(expected + 1), expected } as Change]));
      await write(0);
      expect((await refusal(write(0))).code).toBe('conflict');
      await write(1);
      expect((await refusal(write(1))).code).toBe('conflict');
      expect((await refusal(write(9))).code).toBe('conflict');
    });

    it('lets exactly one of several concurrent writers through', async () => {
      await work.commit(commitOf([{ kind: 'alert', row: buildAlert(), expected: 0 }]));
      const results = await Promise.allSettled(
        [1, 2, 3, 4].map((n) =>
          work.commit(
            commitOf([
              { kind: 'alert', row: buildAlert({ revision: 2, count: n }), expected: 1 },
              { kind: 'touch', row: buildAlert({ revision: 2, count: n }) },
            ]),
          ),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(isTransient(result.reason)).toBe(false);
    });

    it('deletes a timer only at the revision that was read', async () => {
      await work.commit(commitOf([{ kind: 'timer', row: buildTimer(), expected: 0 }]));
      const remove = (expected: number) =>
        work.commit(commitOf([{ kind: 'timer.delete', row: buildTimer(), expected }]));
      expect((await refusal(remove(3))).code).toBe('conflict');
      await remove(1);
      expect(await work.listTimers('t1', buildTimer().alert_id)).toEqual([]);
      expect((await refusal(remove(1))).code).toBe('conflict');
    });

    it('says that a commit of more than a hundred rows is unfit, and writes none of them', async () => {
      const rows = Array.from({ length: 101 }, (_, n) => buildAlert({ alert_id: id(n) }));
      const changes = rows.map((row): Change => ({ kind: 'alert', row, expected: 0 }));
      expect((await refusal(work.commit(commitOf(changes)))).code).toBe('invalid_input');
      expect((await work.listAlerts('t1', {}, { limit: 1 })).items).toEqual([]);
    });

    it('never writes the same journal entry twice', async () => {
      await work.commit(commitOf([], { journal: [buildEntry()] }));
      const again = work.commit(commitOf([], { journal: [buildEntry({ actor: 'user:eve' })] }));
      expect((await refusal(again)).code).toBe('conflict');
    });

    it('never shows one tenant the rows of another', async () => {
      await work.commit(
        commitOf([
          { kind: 'alert', row: buildAlert(), expected: 0 },
          { kind: 'delivery', row: buildDelivery(), expected: 0 },
        ]),
      );
      const { alert_id } = buildAlert();
      expect(await work.getAlert('t2', alert_id)).toBeUndefined();
      expect(await work.listDeliveries('t2', alert_id)).toEqual([]);
      expect(await work.listAlerts('t2', {}, { limit: 10 })).toEqual({ items: [] });
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

    it('forgets idle series after 90 days and seen buckets after two', async () => {
      await work.commit(
        commitOf([
          { kind: 'series', row: buildSeries(), expected: 0 },
          { kind: 'seen', row: buildSeen(), expected: 0 },
        ]),
      );
      clock.now += 2 * DAY_MS;
      expect(await work.getSeen('t1', [buildSeen()])).toEqual([undefined]);
      expect(await work.getSeries('t1', [buildSeries()])).toEqual([buildSeries()]);
      clock.now += 88 * DAY_MS;
      expect(await work.getSeries('t1', [buildSeries()])).toEqual([undefined]);
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
