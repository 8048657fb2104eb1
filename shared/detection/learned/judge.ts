import { type Direction, SHIPPED_THRESHOLD } from './config.ts';
import { measureNovelty, type Novelty } from './novelty.ts';
import type { Draft } from './state.ts';
import { measureStrength, type Strength } from './strength.ts';
import type { Tuning } from './tuning.ts';

/** Usual intervals without a point after which the last points say nothing of the next. */
const GAP_INTERVALS = 12;

/** Where a peak and the points since lie among those held: of what was told, of what strength would tell. */
const TOLD = 0;
const STRONG = 2;

export interface Judgement {
  /** −log10 p, 0 while the falling peak of a former point stands above it. */
  score: number;
  /** The same before the peak is held against it. */
  raw: number;
  strength: Strength;
  novelty: Novelty;
}

/**
 * Judges one measurement and learns it, changing the draft: the larger of what is strongly off by a
 * robust model and what is unlike everything so far, unless that was just told.
 */
export function judgeValue(
  draft: Draft,
  at: number,
  value: number,
  direction: Direction,
  tuning: Tuning,
): Judgement {
  const fresh = begin(draft, at, value, tuning);
  const strength = measureStrength(draft, at, value, tuning, fresh);
  const novelty = measureNovelty(draft, at, value, tuning, fresh);
  const gate = Math.min(1, (strength.z / tuning.gateZ) ** tuning.gatePower);
  const strong = strengthScore(draft, strength.scaled, tuning);
  const wrongWay =
    (direction === 'above' && strength.residual < 0) ||
    (direction === 'below' && strength.residual > 0);
  const raw = wrongWay ? 0 : Math.max(0, novelty.total * gate, strong);
  const told = holdPeak(draft.held, TOLD, raw, tuning);
  return { score: told ? raw : 0, raw, strength, novelty };
}

/** Takes up a point: the first sets every mean; says whether a gap came before it. */
function begin(draft: Draft, at: number, value: number, tuning: Tuning): boolean {
  const { figures } = draft;
  figures.points++;
  if (figures.points === 1) {
    figures.firstAt = figures.lastAt = at;
    figures.level = figures.mean = figures.largest = figures.smallest = value;
    figures.former = figures.shortMean = figures.longMean = value;
    figures.magnitude = Math.abs(value);
    figures.episodeRate = tuning.habitStart;
    return true;
  }
  const passed = Math.max(0, at - figures.lastAt);
  const gap = figures.points > 20 && passed > GAP_INTERVALS * figures.intervalMs;
  const most = figures.points > 20 ? Math.min(passed, 4 * figures.intervalMs) : passed;
  figures.intervalMs += Math.max(1 / (figures.points - 1), 0.02) * (most - figures.intervalMs);
  figures.lastAt = Math.max(figures.lastAt, at);
  return gap;
}

/** Strength on the scale of scores; little more than the threshold at most, less when it is a habit. */
function strengthScore({ figures, held }: Draft, scaled: number, tuning: Tuning): number {
  const often = figures.episodeRate * tuning.habitPoints;
  const habit = often > 1 ? tuning.habitSlope * Math.log2(often) : 0;
  const score = SHIPPED_THRESHOLD + tuning.strengthSlope * Math.log2(scaled / tuning.strongZ);
  const most = Math.min(SHIPPED_THRESHOLD + tuning.strengthMost, score);
  // What would be told were there no habit: a spike at every full hour is one each time.
  const episode = holdPeak(held, STRONG, Math.max(0, most), tuning) && most >= SHIPPED_THRESHOLD;
  figures.episodeRate += tuning.habitRate * (Number(episode) - figures.episodeRate);
  return most - habit;
}

/** Whether a score beats the falling peak of those before, which it then becomes; what lasts keeps it up. */
function holdPeak(held: Float64Array, which: number, score: number, tuning: Tuning): boolean {
  const since = which + 1;
  const limit = held[which]! * Math.max(0, 1 - held[since]! / tuning.holdPoints);
  held[since]!++;
  if (score <= limit) return false;
  held[which] = score;
  held[since] = 1;
  return score > limit * (1 + tuning.holdMargin);
}
