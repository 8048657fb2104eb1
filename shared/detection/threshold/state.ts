/** Slots of one window once samples are no longer kept one by one. */
export const SLOTS_PER_WINDOW = 60;
/** Most samples kept one by one over two windows: with a value each, and without. */
export const VALUED_SAMPLES_MAX = 256;
export const PLAIN_SAMPLES_MAX = 512;
/** Slots of one window of sketches to begin with, and the least; each half of the other's, so that slots merge. */
export const SKETCH_SLOTS_MAX = 16;
export const SKETCH_SLOTS_MIN = 2;
/** Most buckets of all sketches of a series: ≤ 5 bytes each. */
export const SKETCH_PAIRS_MAX = 768;
/** Most (value, slot) pairs kept to count distinct values once in slots. */
export const DISTINCT_PAIRS_MAX = 300;

/**
 * Samples of the last two windows, sorted by time and value. Two, because a late event may lie in any
 * window that starts up to one window before it.
 */
export interface ExactState {
  kind: 'exact';
  times: readonly number[];
  /** Parallel to `times`; zeros when only events are counted, 48-bit hashes when values are told apart. */
  values: readonly number[];
  /** Parallel: whether the event was already part of a finding. */
  counted: readonly boolean[];
  late: number;
  skipped: number;
}

/** What one slot of time holds. */
export interface Slot {
  /** floor(time / slot width). */
  at: number;
  count: number;
  sum: number;
  /** How many of its events were already part of a finding. */
  counted: number;
}

/** Totals per slot, for series too busy to keep every sample. */
export interface SlotState {
  kind: 'slots';
  /** Sorted by `at`. */
  slots: readonly Slot[];
  /** Distinct values: hash and slot, only of hashes divisible by 2^level (Gibbons, 2001: distinct sampling). */
  pairs: readonly (readonly [hash: number, slot: number])[];
  level: number;
  newest: number;
  late: number;
  skipped: number;
}

/** Values of one slot, by bucket of a sketch. */
export interface SketchSlot {
  /** floor(time / slot width). */
  at: number;
  count: number;
  /** How many of its events were already part of a finding. */
  counted: number;
  /** Sorted by bucket, each once. */
  buckets: readonly (readonly [bucket: number, count: number])[];
}

/** Histograms per slot of the last window, for percentiles of series too busy to keep every sample. */
export interface SketchState {
  kind: 'sketch';
  /** Slots of one window now; halved while there are more than SKETCH_PAIRS_MAX buckets in all. */
  per_window: number;
  slots: readonly SketchSlot[];
  newest: number;
  late: number;
  skipped: number;
}

export type ThresholdState = ExactState | SlotState | SketchState;

export const EMPTY: ExactState = {
  kind: 'exact',
  times: [],
  values: [],
  counted: [],
  late: 0,
  skipped: 0,
};
