import { bounded } from './spread.ts';

/**
 * The course of a value over a period: levels at evenly spaced knots with straight lines between, the
 * last joined to the first. Never changed in place.
 */
export interface Profile {
  knots: readonly number[];
  /** How much was learned at each knot, in points; 0 = never seen. */
  weights: readonly number[];
}

/** A time's place in the period: between knots `left` and `right`, `share` of the way (0 … 1). */
export interface Place {
  left: number;
  right: number;
  share: number;
}

/** A knot seen less than this is not known. */
const KNOWN_WEIGHT = 0.1;
/** A time is known while unknown knots have no more than this share in it. */
const UNKNOWN_SHARE_MAX = 0.1;

export function emptyProfile(count: number): Profile {
  const zeros = Array.from({ length: count }, () => 0);
  return { knots: zeros, weights: zeros };
}

/** `count` knots over `periodMs`, counted from the Unix epoch; times before it are as good. */
export function placeOf(at: number, periodMs: number, count: number): Place {
  const within = at % periodMs;
  const position = ((within < 0 ? within + periodMs : within) / periodMs) * count;
  const left = Math.floor(position) % count;
  return { left, right: (left + 1) % count, share: position - Math.floor(position) };
}

export function valueAt({ knots }: Profile, { left, right, share }: Place): number {
  return (1 - share) * knots[left]! + share * knots[right]!;
}

/** How many points taught the value there. */
export function weightAt({ weights }: Profile, { left, right, share }: Place): number {
  return (1 - share) * weights[left]! + share * weights[right]!;
}

export function isKnown({ weights }: Profile, { left, right, share }: Place): boolean {
  let unknown = 0;
  if (weights[left]! < KNOWN_WEIGHT) unknown += 1 - share;
  if (weights[right]! < KNOWN_WEIGHT) unknown += share;
  return unknown <= UNKNOWN_SHARE_MAX;
}

/**
 * Moves the two knots beside a place towards a value seen there: by one over the number of visits, so
 * that a knot becomes the mean of what it saw (normalised least mean squares, each knot at its own
 * rate). A knot never seen begins at the value.
 */
export function learnAt(profile: Profile, place: Place, value: number): Profile {
  const { left, right, share } = place;
  const knots = profile.knots.slice();
  const weights = profile.weights.slice();
  if (weights[left] === 0) knots[left] = value;
  if (weights[right] === 0) knots[right] = value;
  const error = value - (1 - share) * knots[left]! - share * knots[right]!;
  const step = error / ((1 - share) ** 2 + share ** 2);
  knots[left] = bounded(knots[left]! + ((1 - share) * step) / (1 + weights[left]!));
  knots[right] = bounded(knots[right]! + (share * step) / (1 + weights[right]!));
  weights[left] = weights[left]! + 1 - share;
  weights[right] = weights[right]! + share;
  return { knots, weights };
}

/** Lets what was learned count less from now on, so that newer periods weigh more. */
export function fadeProfile({ knots, weights }: Profile, fade: number): Profile {
  return { knots, weights: weights.map((weight) => weight * fade) };
}
