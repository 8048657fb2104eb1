import { crosses, rankOf } from './aggregate.ts';
import type { ThresholdConfig } from './config.ts';
import type { Finding } from './exact-window.ts';
import { bucketOf, valueOf } from './log-bucket.ts';
import { SKETCH_PAIRS_MAX, SKETCH_SLOTS_MAX, SKETCH_SLOTS_MIN } from './state.ts';
import type { ExactState, SketchSlot, SketchState } from './state.ts';

type Buckets = SketchSlot['buckets'];

function slotAt(config: ThresholdConfig, perWindow: number, at: number): number {
  return Math.floor((at * perWindow) / (config.window_seconds * 1000));
}

/** A sketch of what was kept sample by sample. */
export function toSketch(state: ExactState, config: ThresholdConfig): SketchState {
  const { late, skipped } = state;
  const newest = state.times.at(-1) ?? 0;
  const empty: SketchState = {
    kind: 'sketch',
    per_window: SKETCH_SLOTS_MAX,
    slots: [],
    newest,
    late,
    skipped,
  };
  return state.times.reduce(
    (sketch, at, index) => added(sketch, config, at, state.values[index]!, state.counted[index]!),
    empty,
  );
}

/**
 * As insertExact, of the window that ends with the slot of the newest event: earlier windows are not
 * judged again, since a percentile may fall as well as rise with what comes late.
 */
export function insertSketch(
  state: SketchState,
  config: ThresholdConfig,
  at: number,
  value: number,
): { state: SketchState; finding?: Finding } {
  const next = added(state, config, at, value, false);
  const count = next.slots.reduce((sum, slot) => sum + slot.count, 0);
  const occurrences = next.slots.reduce((sum, slot) => sum + slot.count - slot.counted, 0);
  const rank = rankOf(config, count);
  if (occurrences === 0 || !mayCross(next.slots, config, count, rank)) return { state: next };
  const aggregate = valueAtRank(next.slots, rank);
  if (!crosses(config, aggregate, count)) return { state: next };
  const since = (next.slots[0]!.at * config.window_seconds * 1000) / next.per_window;
  const slots = next.slots.map((slot) => ({ ...slot, counted: slot.count }));
  return { state: { ...next, slots }, finding: { aggregate, count, occurrences, since } };
}

function added(
  state: SketchState,
  config: ThresholdConfig,
  at: number,
  value: number,
  counted: boolean,
): SketchState {
  const newest = Math.max(state.newest, at);
  const own = slotAt(config, state.per_window, at);
  const first = slotAt(config, state.per_window, newest) - state.per_window + 1;
  const slots = state.slots.filter((slot) => slot.at >= first);
  if (own < first) return { ...state, slots, newest };
  const found = slots.findIndex((slot) => slot.at >= own);
  const place = found < 0 ? slots.length : found;
  const here = slots[place]?.at === own ? slots[place] : undefined;
  const slot: SketchSlot = {
    at: own,
    count: (here?.count ?? 0) + 1,
    counted: (here?.counted ?? 0) + Number(counted),
    buckets: withOne(here?.buckets ?? [], bucketOf(value)),
  };
  slots.splice(place, here === undefined ? 0 : 1, slot);
  return bounded({ ...state, slots, newest }, config);
}

function withOne(buckets: Buckets, bucket: number): Buckets {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (buckets[middle]![0] < bucket) low = middle + 1;
    else high = middle;
  }
  const there = buckets[low];
  if (there?.[0] !== bucket) return buckets.toSpliced(low, 0, [bucket, 1]);
  return buckets.with(low, [bucket, there[1] + 1]);
}

function merged(one: Buckets, other: Buckets): Buckets {
  const all: [number, number][] = [];
  let at = 0;
  for (const [bucket, count] of one) {
    while (at < other.length && other[at]![0] < bucket) all.push([...other[at++]!]);
    const both = at < other.length && other[at]![0] === bucket ? other[at++]![1] : 0;
    all.push([bucket, count + both]);
  }
  for (; at < other.length; at++) all.push([...other[at]!]);
  return all;
}

/**
 * Gives up time before values: neighbouring slots become one until the buckets fit. Only when two
 * slots are left and still too many, buckets at the end that the percentile is far from become one.
 */
function bounded(state: SketchState, config: ThresholdConfig): SketchState {
  let { per_window, slots } = state;
  while (sizeOf(slots) > SKETCH_PAIRS_MAX && per_window > SKETCH_SLOTS_MIN) {
    per_window /= 2;
    slots = joined(slots);
  }
  if (sizeOf(slots) > SKETCH_PAIRS_MAX) {
    const most = Math.floor(SKETCH_PAIRS_MAX / slots.length);
    slots = slots.map((slot) => ({ ...slot, buckets: folded(slot.buckets, most, config) }));
  }
  return slots === state.slots ? state : { ...state, per_window, slots };
}

function sizeOf(slots: readonly SketchSlot[]): number {
  return slots.reduce((sum, { buckets }) => sum + buckets.length, 0);
}

function joined(slots: readonly SketchSlot[]): SketchSlot[] {
  const halves: SketchSlot[] = [];
  for (const slot of slots) {
    const at = Math.floor(slot.at / 2);
    const former = halves.at(-1);
    if (former?.at !== at) halves.push({ ...slot, at });
    else
      halves[halves.length - 1] = {
        at,
        count: former.count + slot.count,
        counted: former.counted + slot.counted,
        buckets: merged(former.buckets, slot.buckets),
      };
  }
  return halves;
}

function folded(buckets: Buckets, most: number, { percentile = 50 }: ThresholdConfig): Buckets {
  const extra = buckets.length - most;
  if (extra <= 0) return buckets;
  const total = (part: Buckets) => part.reduce((sum, [, count]) => sum + count, 0);
  if (percentile >= 50) {
    const kept = buckets.slice(extra);
    const [[bucket, count] = [0, 0], ...rest] = kept;
    return [[bucket, count + total(buckets.slice(0, extra))], ...rest];
  }
  const kept = buckets.slice(0, most);
  const [bucket, count] = kept.at(-1)!;
  return [...kept.slice(0, -1), [bucket, count + total(buckets.slice(most))]];
}

/** Told without merging the slots: whether enough events lie on the limit's other side, or in its bucket. */
function mayCross(
  slots: readonly SketchSlot[],
  { operator, threshold }: ThresholdConfig,
  count: number,
  rank: number,
): boolean {
  const edge = bucketOf(threshold);
  const above = operator === '>' || operator === '>=';
  let beyond = 0;
  for (const { buckets } of slots)
    for (const [bucket, events] of buckets)
      if (above ? bucket >= edge : bucket <= edge) beyond += events;
  return beyond >= (above ? count - rank + 1 : rank);
}

/** The value of the bucket that holds the `rank`-th smallest, from 1. */
function valueAtRank(slots: readonly SketchSlot[], rank: number): number {
  const all = slots.reduce<Buckets>((sum, { buckets }) => merged(sum, buckets), []);
  let before = 0;
  for (const [bucket, count] of all) {
    before += count;
    if (before >= rank) return valueOf(bucket);
  }
  return Number.NaN;
}
