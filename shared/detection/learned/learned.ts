import type { Detector, DetectorKind, Point, Update } from '#shared/detection/detector.ts';
import { checkEventPath } from '#shared/event/check-path.ts';
import { fieldReader } from '#shared/event/read-field.ts';

import type { LearnedConfig } from './config.ts';
import { readValue } from './counter.ts';
import { describeLearned, explainAnomaly } from './explain.ts';
import { judgeValue } from './judge.ts';
import { packState, unpackState } from './pack.ts';
import { copyState, emptyState, type LearnedState } from './state.ts';
import { TUNING } from './tuning.ts';

/** A point so many usual intervals older than the newest says nothing of now. */
const LATE_INTERVALS = 12;
/** Squares of larger values are not finite. */
const VALUE_MAX = 1e100;
/** Points before the usual interval is known. */
const INTERVAL_POINTS = 20;

/**
 * The default for metrics: learns what a number usually is by time of day and kind of day, how far it
 * strays and how unlike its own past a point is, and fires on what is far out by its own measure. Needs
 * no settings but the field. infra/decisions/0011-learned-detector.md tells how it was found.
 */
export const learnedKind: DetectorKind<LearnedConfig, LearnedState> = {
  kind: 'learned',
  version: 1,
  check: ({ field }) => checkEventPath('field', field),
  read: ({ field }) => fieldReader(field),
  describe: describeLearned,
  init: createLearned,
};

function createLearned(config: LearnedConfig): Detector<LearnedState> {
  function update(state: LearnedState, point: Point): Update<LearnedState> {
    const { value, at } = point;
    if (typeof value !== 'number') return skip(state, `${config.field} is not a number`);
    if (!Number.isFinite(value)) return skip(state, `${config.field} is not finite`);
    if (Math.abs(value) > VALUE_MAX) return skip(state, `${config.field} is beyond ±1e100`);
    if (!Number.isSafeInteger(Math.round(at))) return skip(state, 'no event time');
    if (isLate(state, at)) return skipLate(state);
    const { draft, measurement } = readValue(copyState(state), at, value, config.counter);
    if (measurement === undefined) return { state: draft, score: 0 };
    const judgement = judgeValue(draft, at, measurement, config.direction, TUNING);
    const { score } = judgement;
    if (score < config.threshold) return { state: draft, score };
    return {
      state: draft,
      score,
      match: {
        occurrences: 1,
        since: at,
        explain: explainAnomaly(config, draft.figures, measurement, judgement, TUNING),
        ...(draft.figures.points <= TUNING.warmPoints && { warming: true }),
      },
    };
  }

  return {
    empty: emptyState,
    update,
    pack: (state) => packState(state, config),
    unpack: (bytes) => unpackState(bytes, config),
  };
}

function isLate({ figures }: LearnedState, at: number): boolean {
  const { points, lastAt, intervalMs } = figures;
  return points > INTERVAL_POINTS && at < lastAt - LATE_INTERVALS * intervalMs;
}

function skipLate(state: LearnedState): Update<LearnedState> {
  const figures = { ...state.figures, late: state.figures.late + 1 };
  return { state: { ...state, figures }, skipped: 'much older than the newest point' };
}

function skip(state: LearnedState, reason: string): Update<LearnedState> {
  const figures = { ...state.figures, skipped: state.figures.skipped + 1 };
  return { state: { ...state, figures }, skipped: reason };
}
