import type { Kept } from './state.ts';

/** The steps that are awaited, one entry per event: a step of `times: 3` stands three times. */
export type Positions = readonly number[];

/** Whether an event fits a step. */
export function fits({ mask }: Kept, step: number): boolean {
  return (mask & (1 << step)) !== 0;
}

/**
 * A sequence within `windowMs` that has the event at `own` in the given place, as indexes; undefined
 * when there is none. The nearest fitting events before and after leave the least time between first
 * and last.
 */
export function chainAt(
  events: readonly Kept[],
  own: number,
  place: number,
  positions: Positions,
  windowMs: number,
): number[] | undefined {
  if (!fits(events[own]!, positions[place]!)) return undefined;
  const chain = [own];
  let at = own;
  for (let before = place - 1; before >= 0; before--) {
    at = events.findLastIndex((event, index) => index < at && fits(event, positions[before]!));
    if (at < 0) return undefined;
    chain.unshift(at);
  }
  at = own;
  for (const step of positions.slice(place + 1)) {
    at = events.findIndex((event, index) => index > at && fits(event, step));
    if (at < 0) return undefined;
    chain.push(at);
  }
  return events[at]!.at - events[chain[0]!]!.at <= windowMs ? chain : undefined;
}

/** A sequence that the event at `own` is part of, in any place; undefined when there is none. */
export function chainThrough(
  events: readonly Kept[],
  own: number,
  positions: Positions,
  windowMs: number,
): number[] | undefined {
  for (const place of positions.keys()) {
    const chain = chainAt(events, own, place, positions, windowMs);
    if (chain !== undefined) return chain;
  }
  return undefined;
}

/**
 * Indexes of all events that are part of a whole sequence within `windowMs` which ends at an event that
 * `endsAt` lets pass. An event is part of one when, in some position it can take, the latest start that
 * leads to it and the earliest end that follows it lie within the window: O(events × positions).
 */
export function membersOf(
  events: readonly Kept[],
  positions: Positions,
  windowMs: number,
  endsAt: (index: number) => boolean,
): number[] {
  const width = positions.length;
  const starts = new Float64Array(events.length * width).fill(Number.NEGATIVE_INFINITY);
  const best = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (const [index, event] of events.entries())
    for (let place = width - 1; place >= 0; place--) {
      if (!fits(event, positions[place]!)) continue;
      const start = place === 0 ? event.at : best[place - 1]!;
      starts[index * width + place] = start;
      best[place] = Math.max(best[place]!, start);
    }
  const members: number[] = [];
  best.fill(Number.POSITIVE_INFINITY);
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]!;
    let part = false;
    for (let place = 0; place < width; place++) {
      if (!fits(event, positions[place]!)) continue;
      const last = place === width - 1;
      if (last && !endsAt(index)) continue;
      const end = last ? event.at : best[place + 1]!;
      best[place] = Math.min(best[place]!, end);
      part ||= end - starts[index * width + place]! <= windowMs;
    }
    if (part) members.push(index);
  }
  return members.toReversed();
}
