import type { Teller } from './score-with.ts';

const DAY_MS = 86_400_000;
const KNOTS = 48;
const FLOOR = 1e-3;

/** Distance to a moving average in standard deviations (exponential weights), the plainest detector that works. */
export function ewma(alpha = 0.05): Teller {
  let [mean, variance, points] = [0, 0, 0];
  return (_at, value) => {
    points++;
    if (points === 1) mean = value;
    const off = value - mean;
    const z = Math.abs(off) / (Math.sqrt(variance) + FLOOR * Math.abs(mean) + 1e-9);
    const rate = Math.max(alpha, 1 / points);
    mean += rate * off;
    variance = (1 - rate) * (variance + rate * off * off);
    return points < 30 ? 0 : z;
  };
}

/** Level and additive day (Holt and Winters without a trend), the residual in standard deviations. */
export function holtWinters(alpha = 0.1, gamma = 0.1): Teller {
  const season = new Float64Array(KNOTS);
  const seen = new Float64Array(KNOTS);
  let [level, variance, points] = [0, 0, 0];
  return (at, value) => {
    points++;
    if (points === 1) level = value;
    const knot = Math.floor(((at % DAY_MS) / DAY_MS) * KNOTS);
    const off = value - level - season[knot]!;
    const z = Math.abs(off) / (Math.sqrt(variance) + FLOOR * Math.abs(level) + 1e-9);
    level += Math.max(alpha, 1 / points) * off;
    seen[knot]!++;
    season[knot]! += Math.max(gamma, 1 / seen[knot]!) * off;
    variance += Math.max(0.02, 1 / points) * (off * off - variance);
    return points < 100 ? 0 : z;
  };
}
