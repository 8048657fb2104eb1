import type { FoldPoint } from './fold.ts';
import { bucketOf } from './seen-ids.ts';
import { compareSequence } from '#shared/event/sequence.ts';

/** A part of a batch that fits one commit. */
export interface PointChunk {
  points: FoldPoint[];
  /** What to give `foldSeries` as `fence`: the last record wholly inside this chunk and those before; null when none is. */
  fence: string | null;
}

/**
 * Splits a series' points so that each part touches at most `bucketsMax` seen buckets, since a commit
 * holds 100 rows. A record whose events state many different minutes is split too: the fence then
 * stays before it until its last part, and the buckets keep its first part from being folded twice.
 * To be folded and committed in order.
 */
export function chunkPoints(points: readonly FoldPoint[], bucketsMax = 64): PointChunk[] {
  const sorted = points.toSorted((a, b) => compareSequence(a.sequence, b.sequence));
  const chunks: PointChunk[] = [];
  let chunk: FoldPoint[] = [];
  let buckets = new Set<number>();
  let whole: string | null = null;
  for (const [index, item] of sorted.entries()) {
    const bucket = bucketOf(item.point.stated_at);
    if (!buckets.has(bucket) && buckets.size >= bucketsMax) {
      chunks.push({ points: chunk, fence: whole });
      chunk = [];
      buckets = new Set();
    }
    chunk.push(item);
    buckets.add(bucket);
    const next = sorted[index + 1];
    if (next === undefined || compareSequence(next.sequence, item.sequence) !== 0)
      whole = item.sequence;
  }
  if (chunk.length > 0) chunks.push({ points: chunk, fence: whole });
  return chunks;
}
