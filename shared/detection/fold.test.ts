import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { EventRecord } from '#shared/event/schema.ts';
import type { DetectorConfig } from '#shared/detection/kinds.ts';
import { foldOnce, FoldRows, pointOf } from '#shared/testing/fold-rows.ts';

import { chunkPoints } from './chunk-points.ts';
import { foldSeries } from './fold.ts';
import { bindDetector } from './registry.ts';
import { bucketOf } from './seen-ids.ts';
import { compareSequence } from '#shared/event/sequence.ts';
import { SEEN_IDS_MAX } from './series.ts';

const MATCH: DetectorConfig = { kind: 'match' };
const COUNT: DetectorConfig = {
  kind: 'threshold',
  aggregate: 'count',
  window_seconds: 600,
  operator: '>=',
  threshold: 5,
  min_events: 1,
};
const KINDS: [string, DetectorConfig][] = [
  ['match', MATCH],
  ['count', COUNT],
  ['distinct', { ...COUNT, aggregate: 'distinct', field: 'payload.ip', threshold: 3 }],
  ['sum', { ...COUNT, aggregate: 'sum', field: 'payload.n', threshold: 20 }],
  ['rate', { ...COUNT, aggregate: 'rate', field: 'payload.n', per_seconds: 600, threshold: 20 }],
];

const stream = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 590_000 }), value: fc.nat(9) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((items) => items.map(({ at, value }, index) => pointOf(index, index, at, value)));

describe.each(KINDS)('foldSeries with %s', (_name, config) => {
  it('gives the same rows for any cut into batches with any batch redelivered', () => {
    fc.assert(
      fc.property(stream, fc.infiniteStream(fc.nat(6)), (points, chance) => {
        const rows = new FoldRows(config);
        let from = 0;
        while (from < points.length) {
          const size = 1 + (chance.next().value as number);
          const batch = points.slice(from, from + size);
          rows.take(batch);
          const again = chance.next().value as number;
          if (again > 2) rows.take(points.slice(Math.max(0, from - again), from + size));
          from += size;
        }
        expect(rows.final()).toEqual(foldOnce(config, points).final());
      }),
    );
  });

  it('gives the same count and state when events are put again by other records, out of order', () => {
    fc.assert(
      fc.property(
        stream.chain((points) =>
          fc.tuple(
            fc.constant(points),
            fc.shuffledSubarray([...points, ...points], { minLength: points.length }),
          ),
        ),
        ([points, extra]) => {
          const shuffled = [...extra, ...points].map((item, index) => ({
            ...item,
            sequence: String(5000 + index),
          }));
          const rows = new FoldRows(config);
          for (let from = 0; from < shuffled.length; from += 7)
            rows.take(shuffled.slice(from, from + 7));
          const expected = foldOnce(config, points);
          expect(rows.occurrences).toBe(expected.occurrences);
          expect(rows.series!.state).toEqual(expected.series!.state);
          expect(rows.ids()).toEqual(expected.ids());
        },
      ),
    );
  });
});

describe('foldSeries', () => {
  const points = Array.from({ length: 8 }, (_, index) => pointOf(index, index, index * 1000));

  it('counts wrong when both guards are removed, which shows that they carry the guarantee', () => {
    const unguarded = new FoldRows(MATCH, { fence: false, seen: false });
    unguarded.take(points);
    unguarded.take(points);
    expect(unguarded.occurrences).toBe(16);
    const guarded = new FoldRows(MATCH);
    guarded.take(points);
    guarded.take(points);
    expect(guarded.occurrences).toBe(8);
  });

  it('needs the fence alone once a bucket is full, and counts wrong without it', () => {
    const full = Array.from({ length: SEEN_IDS_MAX + 3 }, (_, index) => pointOf(index, index, 5));
    const fenced = new FoldRows(MATCH);
    fenced.take(full);
    fenced.take(full);
    expect(fenced.occurrences).toBe(SEEN_IDS_MAX + 3);
    const unfenced = new FoldRows(MATCH, { fence: false, seen: true });
    unfenced.take(full);
    unfenced.take(full);
    expect(unfenced.occurrences).toBe(SEEN_IDS_MAX + 6);
  });

  it('needs the seen ids for an event that a second record brings', () => {
    const again = points.map((item) => ({ ...item, sequence: `9${item.sequence}` }));
    const guarded = new FoldRows(MATCH);
    guarded.take(points);
    guarded.take(again, 'shard-1');
    expect([guarded.occurrences, guarded.duplicates]).toEqual([8, 8]);
    const unseen = new FoldRows(MATCH, { fence: true, seen: false });
    unseen.take(points);
    unseen.take(again, 'shard-1');
    expect(unseen.occurrences).toBe(16);
  });

  it('says that the count is approximate once a minute outgrew its bucket', () => {
    const crowd = Array.from({ length: SEEN_IDS_MAX + 1 }, (_, index) => pointOf(index, index, 5));
    const fold = foldSeries({
      tenant: 'default',
      series_key: 'a',
      rule: { rule: { rule_id: 'r', version: 1 }, detector: bindDetector(MATCH) },
      series: undefined,
      seen: [],
      shard: 's',
      points: crowd,
      touched_at: '',
    });
    expect(fold.approximate).toBe(true);
    expect(fold.seen[0]!.ids).toHaveLength(SEEN_IDS_MAX * 8);
  });

  it('folds all events of one record, which share a sequence number', () => {
    const record = [pointOf(1, 1, 0), pointOf(2, 1, 10), pointOf(3, 1, 20)];
    expect(foldOnce(MATCH, record).occurrences).toBe(3);
  });

  it('keeps a fence for each shard', () => {
    const rows = new FoldRows(MATCH);
    rows.take([pointOf(1, 500, 0)], 'shard-0');
    rows.take([pointOf(2, 3, 0)], 'shard-1');
    expect(rows.occurrences).toBe(2);
    expect(rows.series!.fence).toEqual({ 'shard-0': '1500', 'shard-1': '1003' });
  });

  it('compares fences as numbers of any length', () => {
    expect(compareSequence('9', '10')).toBeLessThan(0);
    expect(
      compareSequence('49590338271490256608559692538361571095921575989136588898', '5'),
    ).toBeGreaterThan(0);
    expect(compareSequence('0012', '12')).toBe(0);
    expect(() => compareSequence('LATEST', '1')).toThrow(RangeError);
  });

  it('writes nothing for a batch that brings nothing new', () => {
    const first = foldOnce(MATCH, points);
    const fold = foldSeries({
      tenant: 'default',
      series_key: 'a',
      rule: { rule: { rule_id: 'r', version: 1 }, detector: bindDetector(MATCH) },
      series: first.series,
      seen: [...first.seen.values()],
      shard: 'shard-0',
      points,
      touched_at: '',
    });
    expect(fold).toMatchObject({ series: undefined, seen: [], occurrences: 0, duplicates: 8 });
  });

  it('gives the earliest and latest five events of a finding, and none before its window', () => {
    const early = pointOf(99, 0, -1_000_000);
    const fold = foldSeries({
      tenant: 'default',
      series_key: 'a',
      rule: { rule: { rule_id: 'r', version: 1 }, detector: bindDetector(COUNT) },
      series: undefined,
      seen: [],
      shard: 's',
      points: [early, ...points],
      touched_at: '',
    });
    const ids = (events: EventRecord[]) => events.map((event) => event.event_id);
    expect(ids(fold.firstEvents)).toEqual(['event-0', 'event-1', 'event-2', 'event-3', 'event-4']);
    expect(ids(fold.lastEvents)).toEqual(['event-3', 'event-4', 'event-5', 'event-6', 'event-7']);
    expect(fold.occurrences).toBe(8);
  });

  it('begins anew, and says so, when the rule now aggregates something else', () => {
    const rows = foldOnce(COUNT, points);
    const other = bindDetector({ ...COUNT, window_seconds: 60 });
    const fold = foldSeries({
      tenant: 'default',
      series_key: 'a',
      rule: { rule: { rule_id: 'r', version: 2 }, detector: other },
      series: rows.series,
      seen: [],
      shard: 's',
      points: [],
      touched_at: '',
    });
    expect(fold.restarted).toMatch(/another aggregate/);
  });

  it('throws what the detector throws instead of counting nothing', () => {
    const detector = {
      ...bindDetector(MATCH),
      update: () => {
        throw new Error('broken');
      },
    };
    expect(() =>
      foldSeries({
        tenant: 'default',
        series_key: 'a',
        rule: { rule: { rule_id: 'r', version: 1 }, detector },
        series: undefined,
        seen: [],
        shard: 's',
        points,
        touched_at: '',
      }),
    ).toThrow('broken');
  });
});

describe('chunkPoints', () => {
  it('keeps each part within the buckets, and folding the parts equals folding the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ minute: fc.nat(30), record: fc.nat(5) }), { minLength: 1 }),
        fc.nat(5),
        (items, crash) => {
          const points = items
            .map(({ minute, record }, index) => pointOf(index, record, minute * 60_000))
            .sort((a, b) => compareSequence(a.sequence, b.sequence));
          const chunks = chunkPoints(points, 4);
          for (const chunk of chunks) {
            const minutes = chunk.points.map((item) => bucketOf(item.point.stated_at));
            expect(new Set(minutes).size).toBeLessThanOrEqual(4);
          }
          const rows = new FoldRows(COUNT);
          const play = (part: typeof chunks) => {
            for (const { points: some, fence } of part) rows.take(some, 'shard-0', fence);
          };
          play(chunks.slice(0, crash));
          play(chunks);
          expect(rows.final()).toEqual(foldOnce(COUNT, points).final());
        },
      ),
    );
  });
});
