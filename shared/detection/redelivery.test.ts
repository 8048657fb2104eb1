import { describe, expect, it } from 'vitest';

import type { Change, Commit, WorkStore } from '#shared/ports/work-store.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import {
  buildRecord,
  Crash,
  createDetectHarness,
  type DetectHarness,
} from '#shared/testing/detect-harness.ts';

import type { StreamRecord } from './read-records.ts';
import { SEEN_IDS_MAX } from './series.ts';

const rules = [
  buildRule(),
  buildRule({
    rule_id: 'brute-force',
    pattern: { type: ['login.failed'] },
    detector: {
      kind: 'threshold',
      aggregate: 'count',
      window_seconds: 600,
      operator: '>=',
      threshold: 5,
      min_events: 1,
    },
    group_by: ['payload.user'],
    title: 'Brute force against {payload.user}',
  }),
];

/** Numbers 0 ≤ x < 1 that are the same in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const events = Array.from({ length: 60 }, (_, n) => {
  const timestamp = new Date(Date.parse(BUILT_AT) - n * 1500).toISOString();
  return n % 3 === 0
    ? buildEvent(n, { timestamp, service: n % 2 ? 'checkout' : 'search' })
    : buildEvent(n, { timestamp, type: 'login.failed', payload: { user: n % 2 ? 'eve' : 'bob' } });
});
const records = events.map((event, n) => buildRecord(1000 + n, event));

async function cleanRun(): Promise<ReturnType<DetectHarness['outcome']>> {
  const harness = createDetectHarness(rules);
  await harness.deliver(records);
  return harness.outcome();
}

describe('redelivery', () => {
  it('of the whole batch changes nothing', async () => {
    const harness = createDetectHarness(rules);
    await harness.deliver(records);
    const again = await harness.deliver(records);
    expect(again).toMatchObject({ folded: 0, duplicates: 60, opened: 0, counted: 0 });
    expect(harness.outcome()).toEqual(await cleanRun());
  });

  it.each([1, 7, 30, 59])('in two parts that overlap at record %i gives the same', async (cut) => {
    const harness = createDetectHarness(rules);
    await harness.deliver(records.slice(0, cut));
    await harness.deliver(records.slice(Math.max(0, cut - 5)));
    expect(harness.outcome()).toEqual(await cleanRun());
  });

  it.each([1, 2, 3])(
    'of each event 1–4 times, shuffled over shards, gives the same (%i)',
    async (seed) => {
      const random = chance(seed);
      const copies = events.flatMap((event) =>
        Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({ event, order: random() })),
      );
      copies.sort((a, b) => a.order - b.order);
      const stream = copies.map(({ event }, n) =>
        buildRecord(n, event, { shard: `shardId-00000000000${Math.floor(random() * 4)}` }),
      );
      const harness = createDetectHarness(rules);
      for (const shard of new Set(stream.map((record) => record.shard))) {
        const own = stream.filter((record) => record.shard === shard);
        for (let from = 0; from < own.length; from += 9)
          await harness.deliver(own.slice(from, from + 9));
      }
      expect(harness.outcome()).toEqual(await cleanRun());
    },
  );
});

/** The store without the fence: every record looks new. */
const withoutFence = (work: WorkStore): WorkStore => ({
  ...work,
  getSeries: async (tenant, keys) =>
    (await work.getSeries(tenant, keys)).map((row) => row && { ...row, fence: {} }),
});
/** The store without the seen ids: every event looks new. */
const withoutSeen = (work: WorkStore): WorkStore => ({
  ...work,
  getSeen: async (tenant, keys) =>
    (await work.getSeen(tenant, keys)).map((row) => row && { ...row, ids: new Uint8Array() }),
});

describe('each guard is needed', () => {
  const one = [buildRule({ group_by: [] })];
  const countOf = (harness: DetectHarness) => [...harness.tables.alerts.values()][0]!.row.count;

  it('without the fence a redelivered storm is counted twice; with it, once', async () => {
    const storm = Array.from({ length: SEEN_IDS_MAX + 100 }, (_, n) => buildEvent(n));
    const batch: StreamRecord[] = [];
    for (let from = 0; from < storm.length; from += 500)
      batch.push(buildRecord(from, JSON.stringify(storm.slice(from, from + 500))));
    const guarded = createDetectHarness(one);
    await guarded.deliver(batch);
    await guarded.deliver(batch);
    expect(countOf(guarded)).toBe(storm.length);
    const naked = createDetectHarness(one);
    await naked.deliver(batch, withoutFence(naked.work));
    await naked.deliver(batch, withoutFence(naked.work));
    expect(countOf(naked)).toBe(storm.length + 100);
  });

  it('without the seen ids a producer that repeats itself is counted twice; with them, once', async () => {
    const first = [buildRecord(1, buildEvent(1))];
    const repeated = [buildRecord(2, buildEvent(1))];
    const guarded = createDetectHarness(one);
    await guarded.deliver(first);
    await guarded.deliver(repeated);
    expect(countOf(guarded)).toBe(1);
    const naked = createDetectHarness(one);
    await naked.deliver(first, withoutSeen(naked.work));
    await naked.deliver(repeated, withoutSeen(naked.work));
    expect(countOf(naked)).toBe(2);
  });

  it('without both every redelivery is counted', async () => {
    const naked = createDetectHarness(one);
    const none = withoutFence(withoutSeen(naked.work));
    await naked.deliver(records, none);
    const before = countOf(naked);
    await naked.deliver(records, none);
    expect(countOf(naked)).toBe(2 * before);
  });
});

/** Counts writes and dies at the k-th: after it, or before it. */
function dyingAt(
  work: WorkStore,
  k: number,
  when: 'before' | 'after',
): WorkStore & { writes: number } {
  const store = {
    ...work,
    writes: 0,
    async commit(commit: Commit) {
      const dies = ++store.writes === k;
      if (store.writes > k || (dies && when === 'before')) throw new Crash('killed');
      await work.commit(commit);
      if (dies) throw new Crash('killed');
    },
  };
  return store;
}

/** What a commit would be without the transaction: the same rows, one write each. */
function writingSingly(work: WorkStore): WorkStore {
  return {
    ...work,
    async commit({ changes, journal, outbox }) {
      const one = (part: Partial<Commit>) =>
        work.commit({ changes: [], journal: [], outbox: [], ...part });
      for (const change of changes) await one({ changes: [change] as Change[] });
      for (const entry of journal) await one({ journal: [entry] });
      for (const row of outbox) await one({ outbox: [row] });
    },
  };
}

describe('a crash', () => {
  const some = records.slice(0, 12);
  async function outcomeAfter(store: (work: WorkStore) => WorkStore) {
    const harness = createDetectHarness(rules);
    await harness.deliver(some, store(harness.work)).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    // The dead process tells nothing: Lambda brings the whole batch again.
    await harness.deliverUntilDone(some);
    return harness.outcome();
  }
  async function expected() {
    const harness = createDetectHarness(rules);
    const counting = dyingAt(harness.work, Number.POSITIVE_INFINITY, 'after');
    await harness.deliver(some, counting);
    return { outcome: harness.outcome(), writes: counting.writes };
  }

  it.each(['before', 'after'] as const)(
    '%s every single commit, at each of them, loses nothing and doubles nothing',
    async (when) => {
      const { outcome, writes } = await expected();
      expect(writes).toBeGreaterThan(2);
      for (let k = 1; k <= writes; k++)
        expect(await outcomeAfter((work) => dyingAt(work, k, when))).toEqual(outcome);
    },
  );

  it('in between single writes breaks it: the transaction is what holds', async () => {
    const { outcome } = await expected();
    const harness = createDetectHarness(rules);
    const counting = dyingAt(harness.work, Number.POSITIVE_INFINITY, 'after');
    await harness.deliver(some, writingSingly(counting));
    expect(harness.outcome()).toEqual(outcome);
    let broken = 0;
    for (let k = 1; k < counting.writes; k++) {
      const found = await outcomeAfter((work) => writingSingly(dyingAt(work, k, 'after')));
      if (JSON.stringify(found) !== JSON.stringify(outcome)) broken++;
    }
    expect(broken).toBeGreaterThan(counting.writes / 2);
  });
});
