import { beforeEach, describe, expect, it } from 'vitest';

import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables, type MemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildFinding, buildPolicy } from '#shared/testing/build-finding.ts';

import { acknowledgeAll } from './acknowledge-all.ts';
import { acknowledge } from './acknowledge.ts';
import { assign } from './assign.ts';
import { listAlerts } from './list.ts';
import { decideRaise, readRaiseRows } from './raise.ts';
import { resolve } from './resolve.ts';
import { summarise } from './summary.ts';
import { timeline } from './timeline.ts';
import { unacknowledge } from './unacknowledge.ts';

const clock = { now: 0 };
const rosa = buildContext(clock);
const sam = buildContext(clock, { actor: 'user:sam' });
const detect = buildContext(clock, { actor: 'system:detect' });
const GROUP = { rule_id: 'cpu-high', group_key: '8:checkout' };
const policies: DocumentStore<EscalationPolicy> = {
  get: async () => buildPolicy(),
  list: async () => [buildPolicy()],
  versions: async () => [buildPolicy()],
  save: async () => {},
};
let tables: MemoryTables;
let work: WorkStore;
let journal: JournalStore;
let ports: { work: WorkStore; journal: JournalStore; policies: typeof policies };

beforeEach(() => {
  clock.now = Date.parse(BUILT_AT);
  tables = createMemoryTables();
  work = createMemoryWorkStore(tables, () => clock.now);
  journal = createMemoryJournalStore(tables, () => clock.now);
  ports = { work, journal, policies };
});

/** Reads, raises and commits once; a lost race is thrown. */
async function raiseOnce(): Promise<string> {
  const [rows] = await readRaiseRows(work, 't1', [GROUP]);
  const { commit, kind } = decideRaise(
    rows!,
    buildFinding(),
    { ...NO_RESPONSE, policies: [buildPolicy()] },
    detect,
  );
  await work.commit(commit);
  return kind;
}
async function openOne(): Promise<string> {
  await raiseOnce();
  return [...tables.alerts.values()][0]!.row.alert_id;
}
async function refusal(verb: Promise<unknown>): Promise<SentryError> {
  const error: unknown = await verb.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SentryError);
  return error as SentryError;
}
/** A store whose next commits run `before` first, so that every reader is overtaken. */
function overtaken(times: number, before: () => Promise<unknown>): WorkStore {
  let left = times;
  return {
    ...work,
    async commit(commit) {
      if (left-- > 0) await before();
      await work.commit(commit);
    },
  };
}

describe('races on one alert', () => {
  it('of two raisers of a new group one opens, the other must read again', async () => {
    const results = await Promise.allSettled([raiseOnce(), raiseOnce()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await raiseOnce()).toBe('counted');
    expect(tables.alerts.size).toBe(1);
    expect([...tables.alerts.values()][0]!.row.count).toBe(2);
    expect(tables.journal.size).toBe(1);
  });

  it('of two acknowledgers one wins, and the other gets the row as the winner left it', async () => {
    const id = await openOne();
    const [first, second] = await Promise.all([
      acknowledge(ports, rosa, id),
      acknowledge(ports, sam, id),
    ]);
    expect(first).toEqual(second);
    expect(await work.getAlert('t1', id)).toEqual(first);
    const { items } = await timeline(ports, rosa, id, { limit: 10 });
    expect(items.filter(({ entry }) => entry.startsWith('Acknowledged by'))).toHaveLength(1);
  });

  it('with if_version the loser is refused and sees who was faster', async () => {
    const id = await openOne();
    const results = await Promise.allSettled([
      acknowledge(ports, rosa, id, { if_version: 1 }),
      acknowledge(ports, sam, id, { if_version: 1 }),
    ]);
    const lost = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    const error = lost.reason as SentryError;
    expect(error.code).toBe('conflict');
    expect(error.current).toEqual(await work.getAlert('t1', id));
  });

  it('an acknowledgement goes through although matches are counted meanwhile, and none is lost', async () => {
    const id = await openOne();
    const alert = await acknowledge({ work: overtaken(4, raiseOnce) }, rosa, id);
    expect(alert).toMatchObject({ state: 'ACK', count: 5, version: 2 });
    expect(await raiseOnce()).toBe('counted');
    expect(await work.getAlert('t1', id)).toMatchObject({ state: 'ACK', count: 6 });
  });

  it('gives up with the current row when it is overtaken ten times', async () => {
    const id = await openOne();
    const error = await refusal(acknowledge({ work: overtaken(10, raiseOnce) }, rosa, id));
    expect(error.code).toBe('conflict');
    expect(error.current).toMatchObject({ state: 'OPEN', count: 11 });
  });

  it('a late acknowledgement never undoes a resolve', async () => {
    const id = await openOne();
    const resolving = overtaken(1, () => resolve(ports, sam, id));
    const error = await refusal(acknowledge({ work: resolving }, rosa, id));
    expect(error).toMatchObject({
      code: 'conflict',
      current: { state: 'RESOLVED', resolved_by: 'user:sam' },
    });
    expect((await work.getAlert('t1', id))?.state).toBe('RESOLVED');
  });

  it('a raiser that was overtaken by a resolve reopens instead of counting on a closed alert', async () => {
    const id = await openOne();
    const [rows] = await readRaiseRows(work, 't1', [GROUP]);
    await resolve(ports, sam, id);
    const stale = decideRaise(rows!, buildFinding(), NO_RESPONSE, detect);
    expect((await refusal(work.commit(stale.commit))).code).toBe('conflict');
    expect(await raiseOnce()).toBe('reopened');
  });

  it('says done when its own commit was answered with a fault', async () => {
    const id = await openOne();
    let answered = false;
    const deaf: WorkStore = {
      ...work,
      async commit(commit) {
        await work.commit(commit);
        if (!answered) {
          answered = true;
          throw new SentryError('unavailable', 'the connection broke');
        }
      },
    };
    expect((await refusal(acknowledge({ work: deaf }, rosa, id, { if_version: 1 }))).code).toBe(
      'unavailable',
    );
    const alert = await acknowledge({ work: deaf }, rosa, id, { if_version: 1 });
    expect(alert).toMatchObject({ state: 'ACK', version: 2, acknowledged_by: 'user:rosa' });
    expect(tables.journal.size).toBe(2);
  });
});

describe('who may change an alert', () => {
  const viewer = buildContext(clock, { scopes: new Set(['sentry.alert.read']) });

  it('refuses every change without sentry.alert.write before it reads anything', async () => {
    const never = new Proxy({} as WorkStore, {
      get: () => () => expect.unreachable('nothing may be read'),
    });
    const closed = { ...ports, work: never };
    for (const verb of [
      acknowledge(closed, viewer, 'a'),
      unacknowledge(closed, viewer, 'a'),
      resolve(closed, viewer, 'a'),
      assign(closed, viewer, 'a', { assigned_to: null }),
      acknowledgeAll(closed, viewer, {}),
    ])
      expect((await refusal(verb)).code).toBe('forbidden');
  });

  it('knows no alert of another tenant', async () => {
    const id = await openOne();
    const stranger = buildContext(clock, { tenant: 't2' });
    expect((await refusal(acknowledge(ports, stranger, id))).code).toBe('not_found');
    expect((await refusal(timeline(ports, stranger, id, { limit: 5 }))).code).toBe('not_found');
  });
});

describe('a life of an alert', () => {
  it('reads as a timeline, each step once and in order', async () => {
    const id = await openOne();
    const steps = [
      () => assign(ports, sam, id, { assigned_to: 'user:kim' }),
      () => acknowledge(ports, rosa, id),
      () => unacknowledge(ports, rosa, id, { reason: 'wrong one' }),
      () => acknowledge(ports, sam, id),
      () => resolve(ports, sam, id),
      () => raiseOnce(),
    ];
    for (const step of steps) {
      clock.now += 1000;
      await step();
    }
    const { items } = await timeline(ports, rosa, id, { limit: 50 });
    expect(items.map(({ entry }) => entry)).toEqual([
      'Opened with severity ERROR',
      'Assigned to user:kim by user:sam',
      'Acknowledged by user:rosa',
      'Acknowledgement taken back by user:rosa: wrong one',
      'Acknowledged by user:sam',
      'Resolved by user:sam',
      'Opened again: it came back within the reopen window',
    ]);
    expect(await work.getAlert('t1', id)).toMatchObject({ state: 'OPEN', version: 7, count: 2 });
    expect(await work.listTimers('t1', id)).toHaveLength(1);
  });

  it('expires 90 days after the resolve with all its rows, and not before', async () => {
    const id = await openOne();
    clock.now += 400 * 86_400_000;
    expect(await work.getAlert('t1', id)).toBeDefined();
    await resolve(ports, rosa, id);
    clock.now += 90 * 86_400_000 - 1;
    expect(await work.listDeliveries('t1', id)).toHaveLength(4);
    clock.now += 1;
    expect(await work.listDeliveries('t1', id)).toEqual([]);
    expect(await work.getAlert('t1', id)).toBeUndefined();
    expect(await work.getPointers('t1', [GROUP])).toEqual([undefined]);
  });
});

describe('many alerts', () => {
  const put = (count: number, fields: (n: number) => Parameters<typeof buildAlert>[0]) =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        work.commit({
          changes: [
            { kind: 'alert', row: buildAlert({ alert_id: `a-${n}`, ...fields(n) }), expected: 0 },
          ],
          journal: [],
          outbox: [],
        }),
      ),
    );

  it('are acknowledged by filter, 200 a call, until none remains', async () => {
    await put(230, (n) => ({ service: n < 210 ? 'checkout' : 'search' }));
    const filter = { services: ['checkout'] };
    const first = await acknowledgeAll(ports, rosa, filter);
    expect(first).toEqual({ acknowledged: 200, skipped: 0, failed: 0, remaining: 10 });
    const second = await acknowledgeAll(ports, rosa, filter);
    expect(second).toEqual({ acknowledged: 10, skipped: 0, failed: 0, remaining: 0 });
    const open = await listAlerts(ports, rosa, { states: ['OPEN'] }, { limit: 500 });
    expect(open.items).toHaveLength(20);
    const none = await acknowledgeAll(ports, rosa, { states: ['RESOLVED'] });
    expect(none.acknowledged).toBe(0);
  });

  it('are skipped when somebody else was faster, and counted when the store does not take them', async () => {
    await put(3, () => ({}));
    const contested: WorkStore = {
      ...work,
      async commit(commit) {
        const [change] = commit.changes;
        const id = (change!.row as { alert_id: string }).alert_id;
        if (id === 'a-0') await acknowledge({ work }, sam, id);
        if (id === 'a-1') throw new SentryError('unavailable', 'throttled');
        await work.commit(commit);
      },
    };
    const result = await acknowledgeAll({ work: contested }, rosa, {});
    expect(result).toEqual({ acknowledged: 1, skipped: 1, failed: 1, remaining: 0 });
  });

  it('are summed up by service, severity and state, the gravest first', async () => {
    await put(6, (n) => ({
      service: n % 2 ? 'search' : 'checkout',
      severity: n < 2 ? 'CRITICAL' : 'WARN',
      state: n === 5 ? 'ACK' : n === 4 ? 'RESOLVED' : 'OPEN',
      ...(n === 4 && { resolved_at: BUILT_AT }),
    }));
    expect(await summarise(ports, rosa)).toEqual({
      cells: [
        { service: 'checkout', severity: 'CRITICAL', open: 1, acknowledged: 0 },
        { service: 'search', severity: 'CRITICAL', open: 1, acknowledged: 0 },
        { service: 'checkout', severity: 'WARN', open: 1, acknowledged: 0 },
        { service: 'search', severity: 'WARN', open: 1, acknowledged: 1 },
      ],
      open: 4,
      acknowledged: 1,
      truncated: false,
    });
  });
});
