import { SEEN_KEPT_MS, SERIES_KEPT_MS } from '#shared/alert/retention.ts';
import type { SeenBucket, Series } from '#shared/detection/series.ts';

import type { Item } from './dynamo-access.ts';
import { keys } from './dynamo-work-keys.ts';

const NOTHING = new Uint8Array();

export function seriesItem(series: Series): Item {
  const { state, ...rest } = series;
  return {
    ...rest,
    series_key: series.series_key.toWellFormed(),
    ...(state.length > 0 && { state }),
    ...keys.series(series.tenant, series.rule_id, series.series_key),
    expires_at: Math.floor((Date.parse(series.touched_at) + SERIES_KEPT_MS) / 1000),
  };
}

/** `asked` gives back the series key as the caller knows it. */
export function seriesOf(item: Item, asked: { series_key: string }): Series {
  return {
    tenant: item.tenant as string,
    rule_id: item.rule_id as string,
    series_key: asked.series_key,
    rule_version: item.rule_version as number,
    fence: item.fence as Series['fence'],
    state: (item.state as Uint8Array | undefined) ?? NOTHING,
    touched_at: item.touched_at as string,
    revision: item.revision as number,
  };
}

/** A bucket goes two days after its last write, at `now` in milliseconds. */
export function seenItem(seen: SeenBucket, now: number): Item {
  const { ids, ...rest } = seen;
  return {
    ...rest,
    series_key: seen.series_key.toWellFormed(),
    ...(ids.length > 0 && { ids }),
    ...keys.seen(seen.tenant, seen.rule_id, seen.series_key, seen.bucket),
    expires_at: Math.floor((now + SEEN_KEPT_MS) / 1000),
  };
}

export function seenOf(item: Item, asked: { series_key: string }): SeenBucket {
  return {
    tenant: item.tenant as string,
    rule_id: item.rule_id as string,
    series_key: asked.series_key,
    bucket: item.bucket as number,
    ids: (item.ids as Uint8Array | undefined) ?? NOTHING,
    revision: item.revision as number,
  };
}
