import { type Draft, KNOTS, SEEN_MAX } from './state.ts';
import { learnTail, quantileOf } from './tail.ts';
import { TINY, type Tuning } from './tuning.ts';

const DAY_MS = 86_400_000;
/** Which histogram holds strengths. */
export const STRENGTH_TAIL = 4;
/** A point teaches the scale of strengths in twentieths, so that a strong one can teach less. */
const WHOLE_POINT = 20;
const ODD_POINT = 1;

/** How far a point is from what a robust model of its series expects. */
export interface Strength {
  /** Level and daily profile, the usual distance from them, and this one's, in the metric's unit. */
  expected: number;
  spread: number;
  residual: number;
  /** Spreads of the step, of the residual and of its short mean. */
  step: number;
  rest: number;
  short: number;
  /** The largest of the three. */
  z: number;
  /** The same where thick tails are usual: divided by how much thicker they are than the normal distribution's. */
  scaled: number;
}

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
  const rate = (least: number) => Math.max(least, 1 / points);
  const knot = knotOf(state, at, tuning);
  const season = (1 - knot.share) * knots[knot.from]! + knot.share * knots[knot.to]!;
  const residual = value - figures.level - season;
  const memory = figures.restSquare > 0 ? figures.restProduct / figures.restSquare : 0;
  const former = fresh ? 0 : Math.min(0.98, Math.max(0, memory)) * figures.rest;
  const step = residual - former;
  const pull = 1 / Math.min(points, tuning.shortPoints);
  const short =
    (fresh ? 0 : figures.shortRest) + (residual - (fresh ? 0 : figures.shortRest)) * pull;

  const floor = tuning.noiseFloor * figures.magnitude + TINY;
  const wide = tuning.wideShare;
  const spreadOf = (mean: number, square: number) =>
    (MEAN_TO_SIGMA * mean + wide * Math.sqrt(square)) / (1 + wide) + floor;
  const stepZ = Math.abs(step) / spreadOf(figures.stepSpread, figures.stepSquare);
  const restZ = Math.abs(residual) / spreadOf(figures.restSpread, figures.restWide);
  const shortZ = Math.abs(short) / spreadOf(figures.shortSpread, figures.shortSquare);
  const z = points <= tuning.silentPoints ? 0 : Math.max(stepZ, restZ, shortZ);

  const settled = points > tuning.silentPoints;
  const clip = (deviation: number, spread: number) => {
    const most = tuning.clip * (MEAN_TO_SIGMA * spread + floor);
    return settled ? Math.max(-most, Math.min(most, deviation)) : deviation;
  };
  const rest = clip(residual, figures.restSpread);
  figures.level += rate(tuning.levelRate) * rest;
  for (const [index, share] of [
    [knot.from, 1 - knot.share],
    [knot.to, knot.share],
  ] as const) {
    const seenThere = seen[index]!;
    if (share > 0.25 && seenThere < SEEN_MAX) seen[index] = seenThere + 1;
    if (seen[index]! > 0)
      knots[index]! += share * Math.max(tuning.knotRate, 0.5 / (1 + seen[index]!)) * rest;
  }
  figures.restProduct += rate(tuning.memoryRate) * (rest * figures.rest - figures.restProduct);
  figures.restSquare +=
    rate(tuning.memoryRate) * (figures.rest * figures.rest - figures.restSquare);
  const spread = rate(tuning.spreadRate);
  figures.stepSpread += spread * (Math.abs(clip(step, figures.stepSpread)) - figures.stepSpread);
  figures.restSpread += spread * (Math.abs(rest) - figures.restSpread);
  figures.shortSpread +=
    spread * (Math.abs(clip(short, figures.shortSpread)) - figures.shortSpread);
  const wider = rate(tuning.wideSpreadRate);
  figures.stepSquare += wider * (step * step - figures.stepSquare);
  figures.restWide += wider * (residual * residual - figures.restWide);
  figures.shortSquare += wider * (short * short - figures.shortSquare);
  figures.shortRest = short;
  figures.rest = rest;
  const size = settled ? Math.min(Math.abs(value), 4 * figures.magnitude) : Math.abs(value);
  figures.magnitude += rate(tuning.magnitudeRate) * (size - figures.magnitude);

  const scaled = z / thickness(state, tuning);
  learnTail(state, STRENGTH_TAIL, z, scaled > tuning.tailClip ? ODD_POINT : WHOLE_POINT);
  return {
    expected: value - residual,
    spread: spreadOf(figures.restSpread, figures.restWide),
    residual,
    step: stepZ,
    rest: restZ,
    short: shortZ,
    z,
    scaled,
  };
}

/** Mean distance to standard deviation, of a normal distribution. */
const MEAN_TO_SIGMA = Math.sqrt(Math.PI / 2);

/** The two knots around a time and how far it is towards the second; weekends have their own in time. */
function knotOf({ figures, knots, seen }: Draft, at: number, tuning: Tuning) {
  const day = Math.floor(at / DAY_MS);
  const weekday = (((day + 4) % 7) + 7) % 7;
  const apart = at - figures.firstAt > tuning.weekendDays * DAY_MS;
  const start = apart && (weekday === 0 || weekday === 6) ? KNOTS : 0;
  const place = ((at - day * DAY_MS) / DAY_MS) * KNOTS - 0.5;
  const before = Math.floor(place);
  const from = start + ((before + KNOTS) % KNOTS);
  const to = start + ((before + 1) % KNOTS);
  if (start > 0)
    for (const index of [from, to])
      // A weekend begins as what is known of weekdays.
      if (seen[index] === 0) knots[index] = knots[index - KNOTS]!;
  return { from, to, share: place - before };
}

/** How much thicker the tail of strengths is than usual; 1 when it is not. */
function thickness(state: Draft, tuning: Tuning): number {
  const points = state.weights[STRENGTH_TAIL]! / WHOLE_POINT;
  const trust = points / (points + tuning.tailTrust);
  const ratio = quantileOf(state, STRENGTH_TAIL, tuning.tailShare) / tuning.tailUsual;
  return ratio > 1 ? ratio ** (trust * tuning.tailPower) : 1;
}
