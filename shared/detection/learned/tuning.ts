/**
 * Every constant of the learned detector, found by the search that infra/decisions tells of. They are
 * one set for all series; a rule chooses its threshold only.
 */
export interface Tuning {
  /** Points after which anything is scored at all, and after which a finding is trusted. */
  silentPoints: number;
  warmPoints: number;
  /** Share of the scale of the values below which differences are not told apart. */
  noiseFloor: number;
  /** Learning rates, each per point once 1/n has fallen below it. */
  levelRate: number;
  knotRate: number;
  /** The first points of a knot teach it as so many would. */
  knotStart: number;
  /** At a half-hour of a kind of day seen less often than this, a deviation counts and teaches a share only. */
  strangePoints: number;
  strangeShare: number;
  spreadRate: number;
  memoryRate: number;
  magnitudeRate: number;
  /** Days seen before weekends have a profile of their own. */
  weekendDays: number;
  /** A deviation teaches as if it were at most so many spreads. */
  clip: number;
  /** Points of the short mean. */
  shortPoints: number;
  /** How slowly the mean and variance of everything may forget. */
  meanRate: number;
  /** The daily profile novelty is measured against, which learns unclipped. */
  hourRate: number;
  hourSpreadRate: number;
  /** Points of the long mean, of the short and the long spread of steps. */
  longPoints: number;
  stepShortPoints: number;
  stepLongPoints: number;
  /** Points before tails are learned, as the first ones say little of what is usual. */
  tailStart: number;
  /** Weights of the four tails: hour, record, unrest, drift. */
  tailWeights: readonly [number, number, number, number];
  /** Spreads from which on novelty counts in full, and the power by which it counts less below. */
  gateZ: number;
  gatePower: number;
  /** The strength of a deviation that reaches the shipped threshold in a series with thin tails. */
  strongZ: number;
  /** Score per doubling of strength, and the most strength alone can say beyond the threshold. */
  strengthSlope: number;
  strengthMost: number;
  /** Which share of the strengths sets the scale for thick tails, where it stands in thin ones. */
  tailShare: number;
  tailUsual: number;
  /** By which power thicker tails ask for more strength. */
  tailPower: number;
  /** Points until that scale is trusted by half. */
  tailTrust: number;
  /** Strength from which on a point teaches that scale as a twentieth of a point. */
  tailClip: number;
  /** A series that is strongly off more often than once in so many points does it by habit. */
  habitPoints: number;
  habitSlope: number;
  habitRate: number;
  habitStart: number;
  /** Points over which a score must beat the falling peak of the last. */
  holdPoints: number;
  /** By which share a score must beat it. */
  holdMargin: number;
}

export const TUNING: Tuning = {
  silentPoints: 30,
  warmPoints: 300,
  noiseFloor: 1e-3,
  levelRate: 1 / 200,
  knotRate: 0.015,
  knotStart: 4,
  strangePoints: 2,
  strangeShare: 0.2,
  spreadRate: 1 / 500,
  memoryRate: 1 / 300,
  magnitudeRate: 1 / 1000,
  weekendDays: 5,
  clip: 4,
  shortPoints: 8,
  meanRate: 1 / 20_000,
  hourRate: 0.1,
  hourSpreadRate: 1 / 300,
  longPoints: 1500,
  stepShortPoints: 6,
  stepLongPoints: 150,
  tailStart: 200,
  tailWeights: [1.5, 1.1, 0.5, 0.9],
  gateZ: 4.5,
  gatePower: 4,
  strongZ: 5.5,
  strengthSlope: 6,
  strengthMost: 1,
  tailShare: 0.01,
  tailUsual: 3.2,
  tailPower: 3,
  tailTrust: 1000,
  tailClip: 4,
  habitPoints: 130,
  habitSlope: 20,
  habitRate: 1 / 800,
  habitStart: 1 / 400,
  holdPoints: 150,
  holdMargin: 0.05,
};

/** Keeps divisions by the spread of a series that is always 0 finite, for values up to 1e100. */
export const TINY = 1e-100;
