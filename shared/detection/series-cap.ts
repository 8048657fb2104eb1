import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { SeriesCensusStore } from '#shared/ports/series-census-store.ts';

import {
  addSeries,
  emptySketch,
  estimateSeries,
  mergeSketch,
  packSketch,
  type Sketch,
  unpackSketch,
} from './series-sketch.ts';

const WEEK_MS = 7 * 86_400_000;
/** So often a process looks at what the other processes counted. */
const REFRESH_MS = 5 * 60_000;
/** How often a lost race is merged again. */
const ATTEMPTS_MAX = 5;

/** A series of a batch, as the cap looks at it. */
export interface SeriesClaim {
  rule_id: string;
  series_key: string;
  /** Whether its rule makes several series at all; one that makes a single one is never refused. */
  grouped: boolean;
  /** RFC 3339, of its row; undefined while it has none, which is what makes it new. */
  touched_at: string | undefined;
}

/** Counts the series of each tenant and refuses new ones beyond the limit. */
export interface SeriesCap {
  limit: number;
  /** For each claim whether it may be folded. Never throws: while nobody can count, nobody is refused. */
  admit(tenant: string, claims: readonly SeriesClaim[]): Promise<boolean[]>;
  /** Series of the tenant that were touched this week or the last, as of the last look; undefined before the first. */
  active(tenant: string): number | undefined;
  /** New series by rule since the process began, those refused included; most first. */
  makers(tenant: string): [rule_id: string, series: number][];
}

interface Census {
  week: number;
  sketch: Sketch;
  revision: number;
  /** Series counted by anybody when the census was read. */
  known: number;
  /** New series of this process since then, so that between two readings the count is exact. */
  fresh: Set<string>;
  readAt: number;
}

/**
 * A series is counted once a week, when it is first touched; whoever counts it again changes nothing, so
 * neither redelivery nor a crash is counted twice. Counting comes before the commit that makes the row,
 * and costs a look every five minutes while no series is new.
 */
export function createSeriesCap(
  store: SeriesCensusStore,
  clock: Clock,
  options: { limit: number; warn(this: void, what: string, detail: Record<string, unknown>): void },
): SeriesCap {
  const { limit, warn } = options;
  const censuses = new Map<string, Census>();
  const made = new Map<string, Map<string, number>>();

  async function current(tenant: string): Promise<Census> {
    const now = clock.now();
    const week = weekOf(now);
    const former = censuses.get(tenant);
    if (former?.week === week && now - former.readAt < REFRESH_MS) return former;
    const [before, own] = await store.get(tenant, [week - 1, week]);
    const sketch = own ? unpackSketch(own.sketch) : emptySketch();
    const others = before ? [unpackSketch(before.sketch)] : [];
    const census: Census = {
      week,
      sketch,
      revision: own?.revision ?? 0,
      known: estimateSeries([sketch, ...others]),
      fresh: new Set(),
      readAt: now,
    };
    censuses.set(tenant, census);
    return census;
  }

  async function keep(tenant: string, census: Census): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { week, revision } = census;
      const row = { tenant, week, sketch: packSketch(census.sketch), revision: revision + 1 };
      try {
        await store.put(row, revision);
        census.revision = Math.max(census.revision, revision + 1);
        return;
      } catch (error) {
        const lost = error instanceof SentryError && error.code === 'conflict';
        if (!lost || attempt === ATTEMPTS_MAX) throw error;
      }
      const [winner] = await store.get(tenant, [week]);
      if (winner) mergeSketch(census.sketch, unpackSketch(winner.sketch));
      census.revision = winner?.revision ?? 0;
    }
  }

  function decide(tenant: string, census: Census, claims: readonly SeriesClaim[]) {
    const makers = made.get(tenant) ?? new Map<string, number>();
    made.set(tenant, makers);
    let changed = false;
    const admitted = claims.map(({ rule_id, series_key, grouped, touched_at }) => {
      if (isCounted(touched_at, census.week)) return true;
      const name = `${rule_id} ${series_key}`;
      if (touched_at === undefined && !census.fresh.has(name)) {
        makers.set(rule_id, (makers.get(rule_id) ?? 0) + 1);
        if (grouped && census.known + census.fresh.size >= limit) return false;
        census.fresh.add(name);
      }
      changed = addSeries(census.sketch, rule_id, series_key) || changed;
      return true;
    });
    return { admitted, changed };
  }

  return {
    limit,
    async admit(tenant, claims) {
      try {
        const census = await current(tenant);
        const { admitted, changed } = decide(tenant, census, claims);
        if (changed)
          await keep(tenant, census).catch((error: unknown) => {
            // What is counted in memory only is kept with the next change, or counted again next week.
            warn('series census not kept', { error: String(error) });
          });
        return admitted;
      } catch (error) {
        warn('series not counted', { error: String(error) });
        return claims.map(() => true);
      }
    },
    active(tenant) {
      const census = censuses.get(tenant);
      return census && census.known + census.fresh.size;
    },
    makers(tenant) {
      return [...(made.get(tenant) ?? [])].sort((a, b) => b[1] - a[1]);
    },
  };
}

function weekOf(ms: number): number {
  return Math.floor(ms / WEEK_MS);
}

function isCounted(touchedAt: string | undefined, week: number): boolean {
  return touchedAt !== undefined && weekOf(Date.parse(touchedAt)) === week;
}
