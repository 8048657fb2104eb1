import { beforeEach, describe, expect, it } from 'vitest';

import { dueShard } from '#shared/kernel/due-shard.ts';
import { isTransient } from '#shared/kernel/error.ts';
import type { Change, JournalStore, WorkStore } from '#shared/ports/work-store.ts';

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

import { groupContract } from './work-store-group-contract.ts';
import { incidentContract } from './work-store-incident-contract.ts';
import { listContract } from './work-store-list-contract.ts';
import { at, commitOf, id, refusal, type WorkStoreUnderTest } from './work-store-rig.ts';

/** What every WorkStore promises of a commit. */
function commitContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  describe(`${name} keeps the contract of commits`, () => {
    let work: WorkStore;
    let journal: JournalStore;
    let clock: { now: number };
    beforeEach(async () => {
      ({ work, journal, clock } = await make());
      clock.now = Date.parse(BUILT_AT);
    });

    it('gives back every kind of row exactly as it was committed', async () => {
      const alert = buildAlert({ acknowledgements: [{ actor: 'user:ada', at: BUILT_AT }] });
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

    it('keeps timers of different kinds apart, soonest first in what is due', async () => {
      const rows = (['escalate', 'ack_timeout', 'recheck'] as const).map((kind, n) =>
        buildTimer({ kind, step: 0, due_at: at(60 - n) }),
      );
      await work.commit(commitOf(rows.map((row) => ({ kind: 'timer', row, expected: 0 }))));
      const { alert_id } = rows[0]!;
      expect(await work.listTimers('t1', alert_id)).toEqual(expect.arrayContaining(rows));
      const due = await work.listDue(dueShard(alert_id), at(59), 10);
      expect(due.map(({ row }) => row)).toEqual([rows[2], rows[1]]);
      await work.commit(commitOf([{ kind: 'timer.delete', row: rows[1]!, expected: 1 }]));
      expect(await work.listTimers('t1', alert_id)).toHaveLength(2);
    });

    it('reads all that is kept under one alert at once, by step, and timers where no alert is', async () => {
      const alert = buildAlert();
      const { alert_id } = alert;
      const deliveries = [1, 2, 10].map((step) => buildDelivery({ step }));
      const timers = [2, 11].map((step) => buildTimer({ step }));
      const other = buildTimer({ alert_id: `${alert_id}-else` });
      await work.commit(
        commitOf([
          { kind: 'alert', row: alert, expected: 0 },
          ...deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
          ...[...timers, other].map((row): Change => ({ kind: 'timer', row, expected: 0 })),
        ]),
      );
      expect(await work.getAlertRows('t1', alert_id)).toEqual({ alert, deliveries, timers });
      expect(await work.getAlertRows('t1', other.alert_id)).toEqual({
        deliveries: [],
        timers: [other],
      });
      expect(await work.getAlertRows('t2', alert_id)).toEqual({ deliveries: [], timers: [] });
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
  });
}

/** What every WorkStore and JournalStore promises; each adapter's test calls it with a fresh pair per case. */
export function workStoreContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  commitContract(name, make);
  listContract(name, make);
  incidentContract(name, make);
  groupContract(name, make);
}
