import type { Detector, DetectorKind, Point, Update } from '#shared/detection/detector.ts';
import { spanWords } from '#shared/detection/words.ts';
import { checkEventPath } from '#shared/event/check-path.ts';
import { fieldReader } from '#shared/event/read-field.ts';

import type { StatisticalConfig } from './config.ts';
import { ewmaModel } from './ewma.ts';
import { describeStatistical, explainFound } from './explain.ts';
import { calmFinding, calmShift, extendFinding, extendShift } from './follow.ts';
import { holtWintersModel } from './holt-winters.ts';
import type { Model, Statistic } from './model.ts';
import { frameNumbers, markOf, packNumbers, readFrame, unpackNumbers } from './pack.ts';
import { robustZModel } from './robust-z.ts';
import { seasonalModel } from './seasonal.ts';
import { VALUE_MAX } from './spread.ts';
import { NO_SHIFT, type StatisticalState } from './state.ts';
import { deviationOf, normalDeviation, tailScore } from './tail.ts';

/** A point teaches no more than this many spreads' difference, once the spread itself is known. */
const LEARNED_SPREADS_MAX = 3;
/** Points that must have taught a spread before it limits what is learned, and a series before it fires. */
const TAUGHT_POINTS_MIN = 8;

/**
 * Fires on a number that is unlike what its series has taught, with a score of −log10 p. An anomaly is
 * not learned: once warm, points beyond the threshold are kept from the model, until there have been
 * `adopt_after_points` of them (less those between that were as expected); then their level and spread
 * are the new normal. Points late within `lateness_seconds` are judged by what is known now.
 */
export const statisticalKind: DetectorKind<StatisticalConfig, StatisticalState<unknown>> = {
  kind: 'statistical',
  version: 1,
  check(config) {
    const issues = checkEventPath('field', config.field);
    if (config.method === 'robust-z' && config.min_points > config.window_points)
      issues.push({ path: 'min_points', message: 'is more than window_points' });
    return issues;
  },
  read: ({ field }) => fieldReader(field),
  describe: describeStatistical,
  init: (config) => createStatistical(config, modelOf(config)),
};

function modelOf(config: StatisticalConfig): Model<unknown> {
  if (config.method === 'ewma') return ewmaModel(config);
  if (config.method === 'holt-winters') return holtWintersModel(config);
  if (config.method === 'seasonal') return seasonalModel(config);
  return robustZModel(config);
}

function createStatistical<M>(
  config: StatisticalConfig,
  model: Model<M>,
): Detector<StatisticalState<M>> {
  const latenessMs = config.lateness_seconds * 1000;
  const adoptAfter = 'adopt_after_points' in config ? config.adopt_after_points : Infinity;
  const mark = markOf([config.method, config.field, ...model.shape]);

  function update(state: StatisticalState<M>, point: Point): Update<StatisticalState<M>> {
    const skip = (skipped: string) => ({
      state: { ...state, skipped: state.skipped + 1 },
      skipped,
    });
    const value = readValue(config.field, point.value);
    if (typeof value === 'string') return skip(value);
    const at = Math.round(point.at);
    if (!Number.isSafeInteger(at)) return skip('no event time');
    if (state.points > 0 && at < state.newest - latenessMs)
      return {
        state: { ...state, late: state.late + 1 },
        skipped: `more than ${spanWords(config.lateness_seconds)} late`,
      };

    const statistics = model.judge(state.model, at, value);
    const { statistic, score } = strongest(statistics, config.direction);
    const warming = state.points < config.min_points || !model.ready(state.model, at);
    const fires =
      statistic !== undefined && score >= config.threshold && state.points >= TAUGHT_POINTS_MIN;
    const finding = fires
      ? extendFinding(state.finding, at, score)
      : calmFinding(state.finding, config.refractory_points);
    const held = fires && !warming && model.adopt !== undefined;
    const next: StatisticalState<M> = {
      points: state.points + 1,
      newest: state.points === 0 ? at : Math.max(state.newest, at),
      late: state.late,
      skipped: state.skipped,
      finding,
      shift: held
        ? extendShift(state.shift, value - statistics[0]!.expected)
        : calmShift(state.shift),
      model: held ? state.model : model.learn(state.model, at, tempered(statistics[0], value)),
    };
    if (!fires || finding === undefined) return { state: next, score };
    const windowSeconds = model.windowSeconds?.(state.model);
    return {
      state: next.shift.points >= adoptAfter ? adopted(next) : next,
      score,
      match: {
        occurrences: 1,
        since: finding.since,
        explain: explainFound(config, {
          statistic,
          value,
          score,
          finding,
          points: state.points,
          warming,
          windowSeconds,
        }),
        ...(warming && { warming }),
      },
    };
  }

  /** Only a model that can adopt ever has a shift. */
  function adopted(state: StatisticalState<M>): StatisticalState<M> {
    const shifted = model.adopt?.(state.model, state.shift) ?? state.model;
    return { ...state, finding: undefined, shift: NO_SHIFT, model: shifted };
  }

  function tempered(statistic: Statistic | undefined, value: number): number {
    if (statistic === undefined || statistic.freedom < TAUGHT_POINTS_MIN || !model.adopt)
      return value;
    const reach = LEARNED_SPREADS_MAX * statistic.spread;
    return Math.max(statistic.expected - reach, Math.min(statistic.expected + reach, value));
  }

  return {
    empty: () => ({
      points: 0,
      newest: 0,
      late: 0,
      skipped: 0,
      finding: undefined,
      shift: NO_SHIFT,
      model: model.empty(),
    }),
    update,
    pack: (state) => packNumbers(mark, [...frameNumbers(state), ...model.numbers(state.model)]),
    unpack(bytes) {
      const { frame, rest } = readFrame(unpackNumbers(mark, bytes));
      const restored = model.restore(rest);
      if (restored === undefined) throw new SyntaxError('packed state is of another size');
      return { ...frame, model: restored };
    },
  };
}

/** The number to judge, or why there is none. */
function readValue(field: string, value: unknown): number | string {
  if (value === undefined || value === null) return `no value at ${field}`;
  if (typeof value !== 'number') return `${field} is not a number`;
  if (!Number.isFinite(value)) return `${field} is not finite`;
  // Adding 0 makes −0 a 0, so that equal values are the same bits.
  return Math.abs(value) > VALUE_MAX ? `${field} is beyond ±${VALUE_MAX}` : value + 0;
}

/** The rarest of the statistics; looking in several ways makes each less rare (Bonferroni). */
function strongest(
  statistics: readonly Statistic[],
  direction: StatisticalConfig['direction'],
): { statistic: Statistic | undefined; score: number } {
  let statistic: Statistic | undefined;
  let best = 0;
  for (const candidate of statistics) {
    const deviation = deviationOf(candidate);
    if (direction !== 'both' && deviation > 0 !== (direction === 'above')) continue;
    const score = tailScore(
      normalDeviation(deviation, candidate.freedom),
      direction === 'both' ? 2 : 1,
    );
    if (statistic !== undefined && score <= best) continue;
    statistic = candidate;
    best = score;
  }
  return { statistic, score: Math.max(0, best - Math.log10(Math.max(1, statistics.length))) };
}
