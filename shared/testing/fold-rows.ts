import { foldSeries } from '#shared/detection/fold.ts';
import type { FoldPoint } from '#shared/detection/fold.ts';
import { bindDetector } from '#shared/detection/registry.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { DetectorConfig } from '#shared/detection/kinds.ts';

const BASE = Date.parse('2026-03-01T00:00:00.000Z');
/** One event with its place in the stream; times in milliseconds after a fixed beginning. */
export function pointOf(id: number, sequence: number, at: number, value: unknown = id): FoldPoint {
  const event_id = `event-${id}`;
  const event: EventRecord = {
    event_id,
    source: 'test',
    type: 'test',
    severity: 'INFO',
    timestamp: new Date(BASE + at).toISOString(),
    payload: {},
  };
  const point = { event_id, at: BASE + at, stated_at: BASE + at, value };
  return { sequence: String(1000 + sequence), point, event };
}

/** Rows of one series, committed after every batch as the detector function does. */
export class FoldRows {
  series: Series | undefined;
  readonly seen = new Map<number, SeenBucket>();
  occurrences = 0;
  duplicates = 0;
  readonly #config: DetectorConfig;
  readonly #guards: { fence: boolean; seen: boolean };

  constructor(config: DetectorConfig, guards = { fence: true, seen: true }) {
    this.#config = config;
    this.#guards = guards;
  }

  take(points: readonly FoldPoint[], shard = 'shard-0', fence?: string | null): void {
    const { series } = this;
    const fold = foldSeries({
      tenant: 'default',
      series_key: 'a',
      rule: { rule: { rule_id: 'r', version: 1 }, detector: bindDetector(this.#config) },
      series: series && !this.#guards.fence ? { ...series, fence: {} } : series,
      seen: this.#guards.seen ? [...this.seen.values()] : [],
      shard,
      points,
      fence,
      touched_at: '2026-03-01T00:00:00.000Z',
    });
    this.series = fold.series ?? series;
    for (const row of fold.seen) this.seen.set(row.bucket, row);
    this.occurrences += fold.occurrences;
    this.duplicates += fold.duplicates;
  }

  /** Everything that must not depend on how the events came; revisions count the writes. */
  final(): unknown {
    const { revision: _, ...series } = this.series!;
    return { series, ids: this.ids(), occurrences: this.occurrences };
  }

  ids(): unknown {
    const rows = [...this.seen.values()].sort((a, b) => a.bucket - b.bucket);
    return rows.map(({ bucket, ids }) => ({ bucket, ids }));
  }
}

/** All points in one batch. */
export function foldOnce(config: DetectorConfig, points: readonly FoldPoint[]): FoldRows {
  const rows = new FoldRows(config);
  rows.take(points);
  return rows;
}
