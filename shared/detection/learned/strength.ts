import { type Draft, KNOTS, SEEN_MAX } from './state.ts';
import { learnTail, quantileOf } from './tail.ts';
import { TINY, type Tuning } from './tuning.ts';

const DAY_MS = 86_400_000;
/** Mean distance to standard deviation, of a normal distribution. */
const MEAN_TO_SIGMA = Math.sqrt(Math.PI / 2);
/** A value teaches the size of values as if it were at most so many times as large. */
const SIZE_CLIP = 4;
/** A knot farther than this takes no part in a point, as share of the way. */
const FAR_KNOT = 0.25;
/** Which histogram holds strengths. */
const STRENGTH_TAIL = 4;
/** A point teaches the scale of strengths in twentieths, so that a strong one can teach less. */
const WHOLE_POINT = 20;
const ODD_POINT = 1;

/** How far a point is from what a robust model of its series expects. */
export interface Strength {
  /** Level and daily profile, the usual distance from them, and this one's, in the metric's unit. */
  expected: number;
  spread: number;
  residual: number;
  /** The largest of the step, the residual and its short mean, each in its own spreads. */
  z: number;
  /** The same where thick tails are usual: divided by how much thicker they are than the normal distribution's. */
  scaled: number;
}

/** The knots around a time, and what each counts for. */
type NearKnots = readonly (readonly [knot: number, share: number])[];

/**
 * Measures a value against level, daily profile (weekday and weekend) and memory of the last residual,
 * then learns it, clipped to a few spreads, so that faults teach little. `fresh`: after a gap, when the
 * last points say nothing of this one.
 */
export function measureStrength(
  state: Draft,
  at: number,
  value: number,
  tuning: Tuning,
  fresh: boolean,
): Strength {
  const { figures, knots, seen } = state;
  const { points } = figures;
  if (fresh) figures.rest = figures.shortRest = 0;
  const near = nearKnots(state, at, tuning);
  const season = near.reduce((sum, [knot, share]) => sum + share * knots[knot]!, 0);
  const residual = value - figures.level - season;
  const memory = figures.restSquare > 0 ? figures.restProduct / figures.restSquare : 0;
  const step = residual - Math.min(MEMORY_MAX, Math.max(0, memory)) * figures.rest;
  const pull = 1 / Math.min(points, tuning.shortPoints);
  const short = figures.shortRest + (residual - figures.shortRest) * pull;

  const floor = tuning.noiseFloor * figures.magnitude + TINY;
  const sigma = (meanDistance: number) => MEAN_TO_SIGMA * meanDistance + floor;
  const spread = sigma(figures.restSpread);
  // A half-hour of a kind of day never seen: what is far off there says less, and teaches less.
  const strange = near.some(
    ([knot, share]) => share > FAR_KNOT && seen[knot]! < tuning.strangePoints,
  );
  const settled = points > tuning.silentPoints;
  const z =
    Math.max(
      Math.abs(step) / sigma(figures.stepSpread),
      Math.abs(residual) / spread,
      Math.abs(short) / sigma(figures.shortSpread),
    ) *
    Number(settled) *
    (strange ? tuning.strangeShare : 1);

  const clip = (deviation: number, distance: number) => {
    const most = settled ? tuning.clip * sigma(distance) : Infinity;
    return Math.max(-most, Math.min(most, deviation));
  };
  const rate = (least: number) => Math.max(least, 1 / points);
  const rest = clip(residual, figures.restSpread);
  learnSeason(state, near, rest, rate(tuning.levelRate), tuning);
  const { rest: former } = figures;
  figures.restProduct += rate(tuning.memoryRate) * (rest * former - figures.restProduct);
  figures.restSquare += rate(tuning.memoryRate) * (former * former - figures.restSquare);
  const widen = rate(tuning.spreadRate) * (strange ? tuning.strangeShare : 1);
  const stepLearned = Math.abs(clip(step, figures.stepSpread));
  const shortLearned = Math.abs(clip(short, figures.shortSpread));
  figures.stepSpread += widen * (stepLearned - figures.stepSpread);
  figures.restSpread += widen * (Math.abs(rest) - figures.restSpread);
  figures.shortSpread += widen * (shortLearned - figures.shortSpread);
  figures.shortRest = short;
  figures.rest = rest;
  const size = Math.min(Math.abs(value), settled ? SIZE_CLIP * figures.magnitude : Infinity);
  figures.magnitude += rate(tuning.magnitudeRate) * (size - figures.magnitude);

  const scaled = z / thickness(state, tuning);
  if (!strange)
    learnTail(state, STRENGTH_TAIL, z, scaled > tuning.tailClip ? ODD_POINT : WHOLE_POINT);
  return { expected: value - residual, spread, residual, z, scaled };
}

/** The memory of a residual never quite reaches that of a random walk. */
const MEMORY_MAX = 0.98;

/** Weekends have knots of their own in time, which begin as far off weekdays as the one before them. */
function nearKnots({ figures, knots, seen }: Draft, at: number, tuning: Tuning): NearKnots {
  const day = Math.floor(at / DAY_MS);
  // Day 0 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  const apart = at - figures.firstAt >= tuning.weekendDays * DAY_MS;
  const start = apart && (weekday === 0 || weekday === 6) ? KNOTS : 0;
  const place = ((at - day * DAY_MS) / DAY_MS) * KNOTS - 0.5;
  const before = Math.floor(place);
  const from = start + ((before + KNOTS) % KNOTS);
  const to = start + ((before + 1) % KNOTS);
  if (start > 0)
    for (const knot of [from, to])
      if (seen[knot] === 0) {
        const former = start + ((knot - start - 1 + KNOTS) % KNOTS);
        const off = seen[former] === 0 ? 0 : knots[former]! - knots[former - KNOTS]!;
        knots[knot] = knots[knot - KNOTS]! + off;
      }
  return [
    [from, before + 1 - place],
    [to, place - before],
  ];
}

function learnSeason(
  { figures, knots, seen }: Draft,
  near: NearKnots,
  rest: number,
  levelRate: number,
  tuning: Tuning,
): void {
  figures.level += levelRate * rest;
  for (const [knot, share] of near) {
    if (share > FAR_KNOT && seen[knot]! < SEEN_MAX) seen[knot]!++;
    const start = tuning.knotStart / (tuning.knotStart + seen[knot]!);
    if (seen[knot]! > 0) knots[knot]! += share * Math.max(tuning.knotRate, start) * rest;
  }
}

/** How much thicker the tail of strengths is than usual, to a power; 1 when it is not. */
function thickness(state: Draft, tuning: Tuning): number {
  const points = state.weights[STRENGTH_TAIL]! / WHOLE_POINT;
  const trust = points / (points + tuning.tailTrust);
  const ratio = quantileOf(state, STRENGTH_TAIL, tuning.tailShare) / tuning.tailUsual;
  return ratio > 1 ? ratio ** (trust * tuning.tailPower) : 1;
}
