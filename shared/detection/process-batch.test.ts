import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { signTenantKey } from '#shared/event/tenant-key.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness, SIGNING_KEY } from '#shared/testing/detect-harness.ts';

const match = buildRule();
const brute = buildRule({
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
});
const at = (seconds: number) => new Date(Date.parse(BUILT_AT) + seconds * 1000).toISOString();
const login = (n: number, user: string) =>
  buildEvent(n, { type: 'login.failed', payload: { user }, timestamp: at(-n) });

/** A store whose commits are refused where `when` says so. */
function refusing(work: WorkStore, when: (commit: Commit) => boolean): WorkStore {
  return {
    ...work,
    async commit(commit) {
      if (when(commit)) throw new SentryError('unavailable', 'throttled');
      await work.commit(commit);
    },
  };
}
const touches = (commit: Commit, series: string) =>
  commit.changes.some(
    (change) => change.kind === 'series' && change.row.series_key.endsWith(series),
  );

describe('a batch', () => {
  it('opens one alert per rule and group, counts every match, and shows itself once', async () => {
    const harness = createDetectHarness([match, brute]);
    const records = [
      ...Array.from({ length: 7 }, (_, n) =>
        buildRecord(n, buildEvent(n, { service: n < 4 ? 'checkout' : 'search' })),
      ),
      ...Array.from({ length: 6 }, (_, n) => buildRecord(10 + n, login(n, 'eve'))),
      ...Array.from({ length: 4 }, (_, n) => buildRecord(20 + n, login(n + 50, 'bob'))),
    ];
    const report = await harness.deliver(records);
    expect(report).toMatchObject({ events: 17, refused: 0, matches: 17, opened: 3, folded: 17 });
    expect(report.uncommitted).toBeUndefined();
    const alerts = [...harness.tables.alerts.values()].map(({ row }) => row);
    expect(Object.fromEntries(alerts.map(({ title, count }) => [title, count]))).toEqual({
      'Brute force against eve': 6,
      'CPU of checkout is high': 4,
      'CPU of search is high': 3,
    });
    expect(harness.frames).toHaveLength(1);
    expect(harness.frames[0]).toMatchObject({ total: 17, dropped: 0 });
    expect(harness.tables.outbox.size).toBe(3);
  });

  it('keeps poison apart with its reason and takes every neighbour along', async () => {
    const harness = createDetectHarness([match]);
    const deep = '['.repeat(7_000) + ']'.repeat(7_000);
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x20));
    const poison = ['{"constructor":{}}', Uint8Array.of(0x7b, 0xff, 0x7d), deep, bomb, '{"a":'];
    const records = poison.flatMap((body, n) => [
      buildRecord(2 * n, body),
      buildRecord(2 * n + 1, buildEvent(n)),
    ]);
    const mixed = `[${JSON.stringify(buildEvent(90))},{"source":1},${JSON.stringify(buildEvent(91))}]`;
    const report = await harness.deliver([...records, buildRecord(50, mixed)]);
    expect(report).toMatchObject({ events: 7, refused: 6, opened: 1 });
    expect(report.uncommitted).toBeUndefined();
    const { items } = await harness.ports.quarantine.list('t1', { limit: 100 });
    expect(items).toHaveLength(6);
    expect([...harness.tables.alerts.values()][0]!.row.count).toBe(7);
  });

  it('takes the tenant from the signature of the partition key, and never from a forged one', async () => {
    const harness = createDetectHarness([match]);
    const body = Buffer.from(JSON.stringify(buildEvent(1)));
    const signed = signTenantKey(SIGNING_KEY, 'other', 'n1', body);
    const report = await harness.deliver([
      buildRecord(1, body, { partition_key: signed }),
      buildRecord(2, buildEvent(2), { partition_key: signed }),
      buildRecord(3, buildEvent(3), { partition_key: 'v1.other.n.0' }),
    ]);
    expect(report).toMatchObject({ events: 1, refused: 2 });
    expect([...harness.tables.alerts.values()].map(({ row }) => row.tenant)).toEqual(['other']);
    const { items } = await harness.ports.quarantine.list('t1', { limit: 10 });
    expect(items.map(({ reason }) => reason)).toEqual(['tenant_signature', 'tenant_signature']);
  });

  it('folds a record whose events state hundreds of different minutes', async () => {
    const harness = createDetectHarness([match]);
    const events = Array.from({ length: 300 }, (_, n) => buildEvent(n, { timestamp: at(-60 * n) }));
    const records = [buildRecord(1, JSON.stringify(events))];
    await harness.deliver(records);
    await harness.deliver(records);
    expect([...harness.tables.alerts.values()][0]!.row.count).toBe(300);
  });

  it('records what a staged rule finds and tells nobody', async () => {
    const harness = createDetectHarness([buildRule({ state: 'STAGED' })]);
    await harness.deliver([buildRecord(1, buildEvent(1))]);
    const [alert] = [...harness.tables.alerts.values()];
    expect(alert!.row.suppressed_by).toEqual([{ reason: 'staging' }]);
    expect(harness.tables.deliveries.size).toBe(0);
  });
});

describe('a store that does not take everything', () => {
  const records = Array.from({ length: 6 }, (_, n) =>
    buildRecord(100 + n, buildEvent(n, { service: `s${n}` })),
  );

  it('reports the lowest record not committed, and counts nothing twice when it comes again', async () => {
    const harness = createDetectHarness([match]);
    const broken = refusing(harness.work, (commit) => touches(commit, 's2'));
    const report = await harness.deliver(records, broken);
    expect(report.uncommitted).toBe('102');
    await harness.deliver(records.slice(2));
    const clean = createDetectHarness([match]);
    await clean.deliver(records);
    expect(harness.outcome()).toEqual(clean.outcome());
    expect(harness.frames.map(({ total }) => total)).toEqual([2, 4]);
  });

  it('tries a lost race again, and reports the record when it is lost eight times', async () => {
    const harness = createDetectHarness([match]);
    let left = 4;
    const contended: WorkStore = {
      ...harness.work,
      async commit(commit) {
        if (left-- > 0) throw new SentryError('conflict', 'lost');
        await harness.work.commit(commit);
      },
    };
    expect((await harness.deliver(records.slice(0, 1), contended)).uncommitted).toBeUndefined();
    left = 8;
    expect((await harness.deliver(records.slice(1, 2), contended)).uncommitted).toBe('101');
  });

  it('lets refused input come again while the quarantine cannot be written', async () => {
    const harness = createDetectHarness([match]);
    const working = harness.ports.quarantine;
    const throttled = async () => {
      throw new SentryError('unavailable', 'throttled');
    };
    harness.ports.quarantine = { ...working, put: throttled };
    const poisoned = [buildRecord(1, buildEvent(1)), buildRecord(2, 'x'), buildRecord(3, 'y')];
    expect((await harness.deliver(poisoned)).uncommitted).toBe('2');
    harness.ports.quarantine = working;
    expect((await harness.deliver(poisoned.slice(1))).uncommitted).toBeUndefined();
  });

  it('throws the transient fault of a rule set that cannot be read, with nothing done', async () => {
    const harness = createDetectHarness([match]);
    harness.ports.ruleSet = async () => {
      throw new SentryError('unavailable', 'throttled');
    };
    await expect(harness.deliver(records)).rejects.toMatchObject({ code: 'unavailable' });
    expect(harness.tables.series.size).toBe(0);
  });

  it('goes on without a feed frame', async () => {
    const harness = createDetectHarness([match]);
    harness.ports.feed.put = async () => {
      throw new SentryError('unavailable', 'throttled');
    };
    expect((await harness.deliver(records)).uncommitted).toBeUndefined();
    expect(harness.warnings).toEqual(['feed frame lost']);
  });

  it('puts aside what the store will never take', async () => {
    const harness = createDetectHarness([match]);
    const strict: WorkStore = {
      ...harness.work,
      async commit(commit) {
        if (touches(commit, 's3')) throw new SentryError('invalid_input', 'too large');
        await harness.work.commit(commit);
      },
    };
    const report = await harness.deliver(records, strict);
    expect(report.uncommitted).toBeUndefined();
    expect(report).toMatchObject({ opened: 5, rule_faults: 1 });
    const { items } = await harness.ports.quarantine.list('t1', { limit: 10 });
    expect(items.map(({ reason }) => reason)).toEqual(['rule_fault']);
  });
});

describe('a rule that throws', () => {
  /** The rules with `cpu-high` throwing on every event of the service `bad`. */
  async function withThrowing() {
    const harness = createDetectHarness([match, brute]);
    const set = await harness.ports.ruleSet('t1');
    const { detector } = set.rules.get('cpu-high')!;
    set.rules.get('cpu-high')!.detector = {
      ...detector,
      update(state, point) {
        if (point.event_id.startsWith('bad')) throw new TypeError('boom');
        return detector.update(state, point);
      },
    };
    await harness.ports.rules.save('t1', { rule: match, expected: 0, journal: [], outbox: [] });
    return harness;
  }
  const bad = (n: number) =>
    buildRecord(n, buildEvent(n, { event_id: `bad-${n}`, service: 'bad' }));

  it('is never "no match": event kept, journal told, other rules unharmed', async () => {
    const harness = await withThrowing();
    const records = [
      bad(1),
      ...Array.from({ length: 5 }, (_, n) => buildRecord(2 + n, login(n, 'eve'))),
    ];
    const report = await harness.deliver(records);
    expect(report).toMatchObject({ rule_faults: 1, opened: 1 });
    expect(report.uncommitted).toBeUndefined();
    const { items } = await harness.ports.quarantine.list('t1', { limit: 10 });
    expect(items).toMatchObject([{ reason: 'rule_fault', count: 1 }]);
    await harness.deliver(records);
    const faults = [...harness.tables.journal.values()].filter(
      ({ row }) => row.action === 'rule.fault',
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]!.row).toMatchObject({ subject: { kind: 'rule', id: 'cpu-high' } });
  });

  it('is disabled after twenty events in a row, with an alert of its own', async () => {
    const harness = await withThrowing();
    for (let n = 1; n <= 19; n++) await harness.deliver([bad(n)]);
    expect((await harness.ports.rules.get('t1', 'cpu-high'))?.state).toBe('ENABLED');
    await harness.deliver([bad(20)]);
    expect(await harness.ports.rules.get('t1', 'cpu-high')).toMatchObject({
      state: 'DISABLED',
      version: 2,
      author: 'system:detect',
    });
    const [alert] = [...harness.tables.alerts.values()];
    expect(alert!.row).toMatchObject({
      rule_id: 'sentry-rule-fault',
      state: 'OPEN',
      severity: 'ERROR',
    });
    expect(harness.tables.deliveries.size).toBe(4);
  });

  it('is forgiven when it works in between', async () => {
    const harness = await withThrowing();
    for (let n = 1; n <= 30; n++)
      await harness.deliver([n % 10 === 0 ? buildRecord(n, buildEvent(n)) : bad(n)]);
    expect((await harness.ports.rules.get('t1', 'cpu-high'))?.state).toBe('ENABLED');
  });
});
