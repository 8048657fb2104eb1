import { readRaiseRows } from '#shared/alert/raise.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { PointChunk } from './chunk-points.ts';
import type { SeriesWork } from './collect-series.ts';
import { bucketsOf, type SeriesRows } from './commit-series.ts';

/** A series and the chunks it is committed in. */
export interface ChunkedWork {
  work: SeriesWork;
  chunks: readonly PointChunk[];
}

/** Reads what the first chunk of every series of one tenant needs, in a few large reads; in their order. */
export async function prefetchSeries(
  store: WorkStore,
  tenant: string,
  chunked: readonly ChunkedWork[],
): Promise<SeriesRows[]> {
  const keys = chunked.map(({ work }) => ({
    rule_id: work.compiled.rule.rule_id,
    series_key: work.series_key,
  }));
  const buckets = chunked.flatMap(({ chunks }, at) =>
    bucketsOf(chunks[0]!.points).map((bucket) => ({ ...keys[at]!, bucket, at })),
  );
  const [series, seen, raise] = await Promise.all([
    store.getSeries(tenant, keys),
    store.getSeen(tenant, buckets),
    readRaiseRows(
      store,
      tenant,
      keys.map(({ rule_id, series_key }) => ({ rule_id, group_key: series_key })),
    ),
  ]);
  const rows: SeriesRows[] = keys.map((_key, at) => ({
    series: series[at],
    seen: [],
    raise: raise[at] ?? {},
  }));
  for (const [index, { at }] of buckets.entries()) {
    const row = seen[index];
    if (row) rows[at]!.seen = [...rows[at]!.seen, row];
  }
  return rows;
}
