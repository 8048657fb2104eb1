import { type Chance, seededChance } from '#infra/simulator/random.ts';

import { type Draft, finishSeries, normal, place } from './draft-series.ts';
import type { LabelledSeries } from './labelled-series.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const START = Date.UTC(2026, 1, 2);

const METRICS = ['cpu', 'latency', 'errors', 'queue', 'requests', 'steady', 'threads'] as const;
type Metric = (typeof METRICS)[number];

/**
 * Metrics as services report them, short and long, with heavy tails, business hours and deploys, where
 * faults come often and look alike: what wears out a detector that learns faults as normal.
 */
export function cloudTelemetry(seed: number, perMetric = 8): LabelledSeries[] {
  return METRICS.flatMap((metric) =>
    Array.from({ length: perMetric }, (_, index) =>
      drawMetric(metric, index, seededChance(seed * 7919 + index * 101 + METRICS.indexOf(metric))),
    ),
  );
}

function drawMetric(metric: Metric, index: number, chance: Chance): LabelledSeries {
  const step = [1, 5, 5, 15, 60][index % 5]! * MINUTE;
  const length = Math.floor(250 * 10 ** chance.between(0.2, 1.1));
  const draft: Draft = { times: [], values: [], windows: [] };
  const base = baseOf(metric, chance);
  const deployEvery = index % 3 === 0 ? length / chance.between(2, 5) : Infinity;
  let shift = 1;
  let rest = 0;
  for (let nth = 0; nth < length; nth++) {
    if (nth > 0 && nth % Math.ceil(deployEvery) === 0) shift *= chance.between(0.93, 1.08);
    // Every twelfth draw is three times as wide: tails heavier than the normal distribution's.
    rest = 0.6 * rest + 0.8 * normal(chance) * (chance.next() < 0.08 ? 3 : 1);
    const at = START + nth * step;
    draft.times.push(at);
    draft.values.push(base(at, rest, chance) * shift);
  }
  addIncidents(metric, draft, chance);
  return finishSeries(`${metric}/${index}`, draft);
}

/** The metric when nothing is wrong: time, correlated noise in σ, chance for what has no memory. */
function baseOf(
  metric: Metric,
  chance: Chance,
): (at: number, rest: number, chance: Chance) => number {
  const swing = chance.between(0.1, 0.8);
  switch (metric) {
    case 'cpu':
      return (at, rest) => Math.min(100, 25 * (1 + swing * busy(at)) + 2 * rest);
    case 'latency':
      return (at, rest) => 80 * Math.exp(0.2 * swing * busy(at) + 0.12 * rest);
    case 'errors':
      return (_, rest, own) => (own.next() < 0.3 ? Math.floor(Math.exp(0.7 * Math.abs(rest))) : 0);
    case 'queue':
      return (at, rest) => Math.round(Math.max(0, 8 + 6 * busy(at) + 3 * rest));
    case 'requests':
      return (at, rest) => Math.round(900 * (1 + swing * busy(at)) * (1 + 0.04 * rest));
    case 'steady':
      return (_, rest) => 64 + (Math.abs(rest) > 2.5 ? 1 : 0);
    default:
      return (_, rest) => Math.round(200 + 1.5 * rest);
  }
}

/** Business hours on weekdays: −1 at night, 1 at the height of the day, low at the weekend. */
function busy(at: number): number {
  const weekday = new Date(at).getUTCDay();
  const height = -Math.cos((2 * Math.PI * (at - 2 * 60 * MINUTE)) / DAY);
  return weekday === 0 || weekday === 6 ? 0.3 * height - 0.6 : height;
}

/** Between 3 and 30 incidents, most of one kind and size, the span of each labelled a little wide. */
function addIncidents(metric: Metric, draft: Draft, chance: Chance): void {
  const { values } = draft;
  const count = Math.floor(chance.between(3, 9) * Math.sqrt(values.length / 1200));
  const spread = spreadOf(values);
  const usual = chance.between(0, 3);
  const size = spread * 10 ** chance.between(0.8, 1.8);
  for (let nth = 0; nth < count; nth++) {
    const at = Math.floor(
      values.length * (0.12 + (0.86 * (nth + chance.between(0.1, 0.9))) / count),
    );
    const kind = chance.next() < 0.85 ? Math.floor(usual) : Math.floor(chance.between(0, 3));
    const length =
      kind === 0 ? Math.floor(chance.between(1, 4)) : Math.floor(chance.between(5, 30));
    // Operators also label what a metric hardly shows.
    const height = size * chance.between(0.7, 1.4) * (chance.next() < 0.15 ? 0.1 : 1);
    for (let index = at; index < Math.min(values.length, at + length); index++) {
      if (kind === 2 && (metric === 'requests' || metric === 'cpu')) values[index]! *= 0.15;
      else values[index] = values[index]! + height * (kind === 1 ? 0.7 : 1);
      if (metric !== 'cpu' && metric !== 'latency') values[index] = Math.round(values[index]!);
    }
    place(draft, at - 3, at + length + 6);
  }
}

/** Mean distance of neighbours, a scale that daily swings do not widen. */
function spreadOf(values: readonly number[]): number {
  let sum = 0;
  for (let index = 1; index < values.length; index++)
    sum += Math.abs(values[index]! - values[index - 1]!);
  return Math.max(sum / values.length, 0.01 * Math.abs(values[0]!), 0.5);
}
