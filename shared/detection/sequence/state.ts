/** A step takes one bit of an event; as many as a sequence has steps. */
export const STEP_BITS = 5;
/** Most events kept of one series. */
export const EVENTS_MAX = 512;

/** An event that fits a step. */
export interface Kept {
  /** Event time, ms. */
  at: number;
  /** Bit i is set when it fits step i. */
  mask: number;
  /** Whether it was already part of a finding. */
  counted: boolean;
}

/**
 * Events of the last window and of as long before it as events may be late. Sorted by time; events of the same millisecond stand in the order of
 * the first step they fit, so that they can follow each other however their producer rounds time.
 */
export interface SequenceState {
  events: readonly Kept[];
  /** How far time is known to have gone, ms: the newest event, or what the sweeper said. */
  clock: number;
  /** Newest event time of any event, ms; what lies too long before it is late. */
  newest: number;
  late: number;
  /** Events let go because more than EVENTS_MAX would have been kept. */
  dropped: number;
}

export const EMPTY: SequenceState = {
  events: [],
  clock: Number.NEGATIVE_INFINITY,
  newest: Number.NEGATIVE_INFINITY,
  late: 0,
  dropped: 0,
};

/** The place at which an event goes in: after those it does not come before. */
export function placeOf(events: readonly Kept[], at: number, mask: number): number {
  let place = events.length;
  while (place > 0 && follows(events[place - 1]!, at, mask)) place--;
  return place;
}

function follows(other: Kept, at: number, mask: number): boolean {
  if (other.at !== at) return other.at > at;
  const own = firstStep(mask);
  const its = firstStep(other.mask);
  return its === own ? other.mask > mask : its > own;
}

function firstStep(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

/**
 * Lets one event go: from the middle of the longest run of alike events, whose ends serve every
 * sequence that its middle could; the oldest event when no two neighbours are alike.
 */
export function thinned(events: readonly Kept[]): Kept[] {
  let longest = 1;
  let start = 0;
  let from = 0;
  for (let index = 1; index <= events.length; index++) {
    if (index < events.length && events[index]!.mask === events[from]!.mask) continue;
    if (index - from > longest) [longest, start] = [index - from, from];
    from = index;
  }
  return events.toSpliced(longest === 1 ? 0 : start + Math.floor(longest / 2), 1);
}
