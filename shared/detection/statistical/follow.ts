import type { Shift } from './model.ts';
import { addDeviation, bounded } from './spread.ts';
import { NO_SHIFT, type OpenFinding } from './state.ts';

/** The finding after a point beyond the threshold. */
export function extendFinding(
  finding: OpenFinding | undefined,
  at: number,
  score: number,
): OpenFinding {
  return {
    since: Math.min(finding?.since ?? at, at),
    last: Math.max(finding?.last ?? at, at),
    points: (finding?.points ?? 0) + 1,
    peak_score: Math.max(finding?.peak_score ?? 0, score),
    quiet_points: 0,
  };
}

/** The finding after a point below the threshold; it ends after `refractoryPoints` of them in a row. */
export function calmFinding(
  finding: OpenFinding | undefined,
  refractoryPoints: number,
): OpenFinding | undefined {
  if (finding === undefined || finding.quiet_points + 1 >= refractoryPoints) return undefined;
  return { ...finding, quiet_points: finding.quiet_points + 1 };
}

/** Adds a point beyond the threshold, as its difference from what was expected. */
export function extendShift(shift: Shift, difference: number): Shift {
  const points = shift.points + 1;
  const off = difference - shift.mean;
  return {
    points,
    mean: bounded(shift.mean + off / points),
    spread: shift.points === 0 ? 0 : addDeviation(shift.spread, off, 1 / points),
  };
}

/** A point that is as expected takes one back: a shift lasts only while most points are beyond. */
export function calmShift(shift: Shift): Shift {
  return shift.points <= 1 ? NO_SHIFT : { ...shift, points: shift.points - 1 };
}
