import type { Context } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { SeriesWork } from './collect-series.ts';
import type { CommitPorts, SeriesRows } from './commit-series.ts';
import type { ChunkedWork } from './prefetch-series.ts';
import type { StreamEvent } from './read-records.ts';
import { reportRefused } from './report-refused.ts';
import type { SeriesCap } from './series-cap.ts';

interface RefusedPorts {
  work: WorkStore;
  response: CommitPorts['response'];
  series_cap?: SeriesCap;
  warn(this: void, what: string, detail: Record<string, unknown>): void;
}

/** What a batch's report says of series. */
export interface SeriesReport {
  /** Points of series that were not begun because there are too many. */
  series_refused: number;
  /** Series of the tenant that has most, where series are counted. */
  series_active?: number;
}

/** The places of new series beyond what their tenants may have. */
export async function refuseSeries(
  series_cap: SeriesCap | undefined,
  chunked: readonly ChunkedWork[],
  rows: readonly (SeriesRows | undefined)[],
): Promise<ReadonlySet<number>> {
  const refused = new Set<number>();
  if (!series_cap) return refused;
  for (const [tenant, places] of placesByTenant(chunked)) {
    const claims = places.map((at) => {
      const { compiled, series_key } = chunked[at]!.work;
      const { rule_id, group_by } = compiled.rule;
      const grouped = group_by.length > 0;
      return { rule_id, series_key, grouped, touched_at: rows[at]?.series?.touched_at };
    });
    const admitted = await series_cap.admit(tenant, claims);
    for (const [index, at] of places.entries()) if (!admitted[index]) refused.add(at);
  }
  return refused;
}

/** Places in a batch by tenant. */
export function placesByTenant(chunked: readonly ChunkedWork[]): Map<string, number[]> {
  return Map.groupBy(chunked.keys(), (at) => chunked[at]!.work.tenant);
}

/** Measures the series there are, and tells of those that were refused; a lost alert comes with the next batch. */
export async function countSeries(
  ports: RefusedPorts,
  ctx: Omit<Context, 'tenant'>,
  events: readonly StreamEvent[],
  surplus: readonly SeriesWork[],
  report: SeriesReport,
): Promise<void> {
  const { series_cap } = ports;
  if (!series_cap) return;
  const tenants = [...new Set(events.map(({ tenant }) => tenant))];
  const active = tenants.flatMap((tenant) => series_cap.active(tenant) ?? []);
  if (active.length > 0) report.series_active = Math.max(...active);
  report.series_refused = surplus.reduce((sum, { points }) => sum + points.length, 0);
  for (const [tenant, own] of Map.groupBy(surplus, (work) => work.tenant))
    try {
      await reportRefused(ports, { ...ctx, tenant }, own, series_cap);
    } catch (error) {
      ports.warn('refused series not told of', { error: String(error) });
    }
}
