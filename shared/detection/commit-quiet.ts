import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Change } from '#shared/ports/work-store.ts';

import {
  type CommitPorts,
  foldQuietly,
  type SeriesOutcome,
  type SeriesRows,
} from './commit-series.ts';
import type { ChunkedWork } from './prefetch-series.ts';

/** A transaction holds 100 rows and 4 MB; this leaves room for what DynamoDB adds. */
const ROWS_MAX = 90;
const BYTES_MAX = 2_000_000;

interface Quiet {
  at: number;
  changes: Change[];
  bytes: number;
  outcome: Extract<SeriesOutcome, { kind: 'committed' }>;
}

/**
 * Commits the series that changed without finding anything, many to a transaction: metric rules fold
 * dozens of series in every batch, and a call a series is what the detector would spend its time on.
 * Returns the outcome by place in `chunked`. A place that is not in it (it found something, has several
 * chunks, faulted, or its transaction was refused) is left to `commitSeries`, which reads afresh.
 */
export async function commitQuiet(
  ports: CommitPorts,
  ctx: Omit<Context, 'tenant'>,
  chunked: readonly ChunkedWork[],
  rows: readonly (SeriesRows | undefined)[],
): Promise<Map<number, SeriesOutcome>> {
  const touchedAt = new Date(ctx.now()).toISOString();
  const quiet = chunked.flatMap((one, at) => quietOf(one, at, rows[at], touchedAt) ?? []);
  const outcomes = new Map<number, SeriesOutcome>();
  await Promise.all(
    bundles(quiet).map(async (bundle) => {
      const changes = bundle.flatMap((one) => one.changes);
      try {
        if (changes.length > 0) await ports.work.commit({ changes, journal: [], outbox: [] });
        for (const { at, outcome } of bundle) outcomes.set(at, outcome);
      } catch (error) {
        // Refused or unknown: each series is read and decided again on its own, where errors count.
        if (!(error instanceof SentryError)) throw error;
      }
    }),
  );
  return outcomes;
}

function quietOf(
  { work, chunks }: ChunkedWork,
  at: number,
  rows: SeriesRows | undefined,
  touchedAt: string,
): Quiet | undefined {
  const [chunk] = chunks;
  if (chunks.length !== 1 || !chunk || !rows) return undefined;
  const folded = foldQuietly(work, chunk, rows, touchedAt);
  if (!folded) return undefined;
  const { fold, changes } = folded;
  const bytes =
    (fold.series?.state.length ?? 0) + fold.seen.reduce((sum, row) => sum + row.ids.length, 0);
  const { folded: count, duplicates } = fold;
  return {
    at,
    changes,
    bytes,
    outcome: { kind: 'committed', raised: [], folded: count, duplicates },
  };
}

function bundles(quiet: readonly Quiet[]): Quiet[][] {
  const made: Quiet[][] = [];
  let rows = Infinity;
  let bytes = 0;
  for (const one of quiet) {
    rows += one.changes.length;
    bytes += one.bytes;
    if (rows > ROWS_MAX || bytes > BYTES_MAX) {
      made.push([]);
      rows = one.changes.length;
      bytes = one.bytes;
    }
    made.at(-1)!.push(one);
  }
  return made;
}
