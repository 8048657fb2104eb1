import { beforeEach, describe, expect, it } from 'vitest';

import { createMemorySeriesCensusStore } from '#shared/adapters/memory/memory-series-census-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { SeriesCensusStore } from '#shared/ports/series-census-store.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

import { createSeriesCap, type SeriesClaim } from './series-cap.ts';

const WEEK_MS = 7 * 86_400_000;
const perUser = buildRule({
  rule_id: 'per-user',
  pattern: { type: ['login'] },
  detector: {
    kind: 'threshold',
    aggregate: 'count',
    window_seconds: 600,
    operator: '>=',
    threshold: 100,
    min_events: 1,
  },
  group_by: ['payload.user'],
});
const all = buildRule({ ...perUser, rule_id: 'all', group_by: [] });

function rig(limit: number, rules = [perUser, all]) {
  const harness = createDetectHarness(rules);
  const census = createMemorySeriesCensusStore();
  const capOf = (store: SeriesCensusStore = census) =>
    createSeriesCap(
      store,
      { now: () => harness.clock.now },
      { limit, warn: (what) => void harness.warnings.push(what) },
    );
  harness.ports.series_cap = capOf();
  let sequence = 0;
  return {
    ...harness,
    capOf,
    /** One batch of logins of users `from` … `to` − 1, many to a record. */
    logins: (from: number, to: number) => {
      const users = Array.from({ length: to - from }, (_, n) => from + n);
      const timestamp = new Date(harness.clock.now).toISOString();
      const events = users.map((user) =>
        buildEvent(user, {
          event_id: `${sequence}-${user}`,
          type: 'login',
          timestamp,
          payload: { user: `u${user}` },
        }),
      );
      const fields = { arrived_at_ms: harness.clock.now };
      return harness.deliver([buildRecord(sequence++, JSON.stringify(events), fields)]);
    },
    seriesOf: (rule: string) =>
      [...harness.tables.series.values()].filter(({ row }) => row.rule_id === rule).length,
    alerts: () => [...harness.tables.alerts.values()].map(({ row }) => row),
  };
}

describe('the cap on series', () => {
  it('takes 100,000 series of 100,001 groups, counts the rest, and opens one alert that names the rule', async () => {
    const { logins, seriesOf, alerts } = rig(100_000, [perUser]);
    let refused = 0;
    for (let from = 0; from < 100_001; from += 500)
      refused += (await logins(from, Math.min(from + 500, 100_001))).series_refused;
    expect(seriesOf('per-user')).toBe(100_000);
    expect(refused).toBe(1);
    const again = await logins(99_999, 100_002);
    expect(again).toMatchObject({ folded: 1, series_refused: 2, series_active: 100_000 });
    expect(again.uncommitted).toBeUndefined();
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]).toMatchObject({
      rule_id: 'sentry-series-cap',
      count: 1,
      severity: 'ERROR',
    });
    expect(alerts()[0]!.title).toContain('rule per-user makes most');
    expect(alerts()[0]!.explain.summary).toContain('SENTRY_SERIES_MAX');
  }, 120_000);

  it('goes on folding the series there are, and those of rules that make a single one', async () => {
    const { logins, seriesOf } = rig(10);
    await logins(0, 30);
    expect(seriesOf('all')).toBe(1);
    const made = seriesOf('per-user');
    expect(made).toBeLessThanOrEqual(10);
    expect(await logins(0, 30)).toMatchObject({ folded: 30 + made, series_refused: 30 - made });
  });

  it('counts no series twice: not redelivered, not after a crash, not by another process', async () => {
    const { logins, capOf, ports, ...harness } = rig(10_000, [perUser]);
    await logins(0, 300);
    const dying = {
      ...ports.work,
      commit: () => Promise.reject(new SentryError('unavailable', '')),
    };
    const record = buildRecord(
      99,
      JSON.stringify([buildEvent(1, { type: 'login', payload: { user: 'crash' } })]),
    );
    for (let time = 0; time < 5; time++) await harness.deliver([record], dying);
    await harness.deliver([record]);
    expect(ports.series_cap!.active('t1')).toBe(301);
    ports.series_cap = capOf();
    await logins(0, 301);
    expect(Math.abs(ports.series_cap.active('t1')! - 302)).toBeLessThan(8);
  });

  it('lets others in once old series have not been touched for two weeks', async () => {
    const { logins, clock, seriesOf } = rig(50, [perUser]);
    await logins(0, 60);
    expect(seriesOf('per-user')).toBe(50);
    clock.now += WEEK_MS;
    expect((await logins(100, 110)).series_refused).toBe(10);
    clock.now += 2 * WEEK_MS;
    expect((await logins(200, 210)).series_refused).toBe(0);
  });
});

describe('counting series', () => {
  const claims = (from: number, to: number): SeriesClaim[] =>
    Array.from({ length: to - from }, (_, n) => ({
      rule_id: 'r',
      series_key: `s${from + n}`,
      grouped: true,
      touched_at: undefined,
    }));
  let now: number;
  const clock = { now: () => now };
  const quiet = { limit: 1_000, warn: () => {} };
  beforeEach(() => void (now = 0));

  it('by several processes at once comes to what one would have counted', async () => {
    const store = createMemorySeriesCensusStore();
    const caps = [0, 1, 2, 3].map(() => createSeriesCap(store, clock, quiet));
    for (let from = 0; from < 400; from += 40)
      await Promise.all(caps.map((cap, n) => cap.admit('t1', claims(from + 10 * n, from + 50))));
    const [row] = await store.get('t1', [0]);
    const alone = createMemorySeriesCensusStore();
    await createSeriesCap(alone, clock, quiet).admit('t1', claims(0, 410));
    const [expected] = await alone.get('t1', [0]);
    expect(row!.sketch).toEqual(expected!.sketch);
  });

  it('sees what other processes counted within five minutes', async () => {
    const store = createMemorySeriesCensusStore();
    const [one, two] = [createSeriesCap(store, clock, quiet), createSeriesCap(store, clock, quiet)];
    await two.admit('t1', claims(0, 1));
    await one.admit('t1', claims(0, 1_000));
    now += 5 * 60_000;
    expect((await two.admit('t1', claims(2_000, 2_100))).filter(Boolean).length).toBeLessThan(40);
  });

  it('costs one look in five minutes for series that were counted this week', async () => {
    const asked: string[] = [];
    const store: SeriesCensusStore = {
      get: async () => (asked.push('get'), []),
      put: async () => void asked.push('put'),
    };
    const touched_at = new Date(1_000).toISOString();
    const known = claims(0, 9).map((claim) => ({ ...claim, touched_at }));
    const cap = createSeriesCap(store, clock, quiet);
    for (let time = 0; time < 5; time++) await cap.admit('t1', known);
    expect(asked).toEqual(['get']);
    now += 5 * 60_000;
    await cap.admit('t1', known);
    expect(asked).toEqual(['get', 'get']);
  });

  it('refuses nobody while it cannot count', async () => {
    const down = () => Promise.reject(new SentryError('unavailable', 'throttled'));
    const warnings: string[] = [];
    const warn = (what: string) => void warnings.push(what);
    const cap = createSeriesCap({ get: down, put: down }, clock, { limit: 1, warn });
    expect(await cap.admit('t1', claims(0, 3))).toEqual([true, true, true]);
    expect(warnings).toEqual(['series not counted']);
  });
});
