import { SEEN_KEPT_MS } from '#shared/alert/retention.ts';
import { seriesDueId, seriesExpiry } from '#shared/detection/series.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';
import { dueShard } from '#shared/kernel/due-shard.ts';
import type { DueSeries } from '#shared/ports/work-store.ts';

import type { Item } from './dynamo-access.ts';
import { refuseNewer, ROW_SCHEMA } from './dynamo-row-schema.ts';
import { keys } from './dynamo-work-keys.ts';

const NOTHING = new Uint8Array();

export function seriesItem(series: Series): Item {
  const { state, ...rest } = series;
  return {
    ...rest,
    series_key: series.series_key.toWellFormed(),
    ...(state.length > 0 && { state }),
    row_schema: ROW_SCHEMA,
    ...keys.series(series.tenant, series.rule_id, series.series_key),
    // Sparse: only what is due some time stands in the index.
    ...(series.due_at !== undefined && { due_shard: keys.due(dueShard(seriesDueId(series))) }),
    expires_at: Math.floor(seriesExpiry(series) / 1000),
  };
}

/** `asked` gives back the series key as the caller knows it. */
export function seriesOf(item: Item, asked: { series_key: string }): Series {
  refuseNewer(item);
  return {
    tenant: item.tenant as string,
    rule_id: item.rule_id as string,
    series_key: asked.series_key,
    rule_version: item.rule_version as number,
    fence: item.fence as Series['fence'],
    state: (item.state as Uint8Array | undefined) ?? NOTHING,
    touched_at: item.touched_at as string,
    idle_seconds: item.idle_seconds as number,
    ...(item.due_at !== undefined && { due_at: item.due_at as string }),
    ...(item.last_event_json !== undefined && { last_event_json: item.last_event_json as string }),
    revision: item.revision as number,
  };
}

export function dueSeriesOf(item: Item): DueSeries {
  return {
    tenant: item.tenant as string,
    rule_id: item.rule_id as string,
    series_key: item.series_key as string,
    due_at: item.due_at as string,
  };
}

/** A bucket goes two days after its last write, at `now` in milliseconds. */
export function seenItem(seen: SeenBucket, now: number): Item {
  const { ids, ...rest } = seen;
  return {
    ...rest,
    series_key: seen.series_key.toWellFormed(),
    ...(ids.length > 0 && { ids }),
    row_schema: ROW_SCHEMA,
    ...keys.seen(seen.tenant, seen.rule_id, seen.series_key, seen.bucket),
    expires_at: Math.floor((now + SEEN_KEPT_MS) / 1000),
  };
}

export function seenOf(item: Item, asked: { series_key: string }): SeenBucket {
  refuseNewer(item);
  return {
    tenant: item.tenant as string,
    rule_id: item.rule_id as string,
    series_key: asked.series_key,
    bucket: item.bucket as number,
    ids: (item.ids as Uint8Array | undefined) ?? NOTHING,
    revision: item.revision as number,
  };
}
