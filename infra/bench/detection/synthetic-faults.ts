import { type Chance, seededChance } from '#infra/simulator/random.ts';

import { normal, type Draft, finishSeries, place } from './draft-series.ts';
import type { LabelledSeries } from './labelled-series.ts';

const DAY = 86_400_000;
/** A Monday. */
const START = Date.UTC(2026, 0, 5);
const DAYS = 28;
/** Faults come once a detector has seen a week and a half, then one every few days. */
const FIRST_FAULT_DAY = 10;
const FAULT_EVERY_DAYS = 3;
/** An alert this long after a fault's end still belongs to it: the return to normal is news as well. */
const GRACE_POINTS = 15;

const SHAPES = ['flat', 'diurnal', 'weekly', 'trend', 'sparse', 'counter'] as const;
type Shape = (typeof SHAPES)[number];
const FAULTS = ['spike', 'shift', 'ramp', 'outage', 'noise'] as const;
type Fault = (typeof FAULTS)[number];

/**
 * Four weeks each of plain shapes with Gaussian noise and faults of 6 to 12 σ, every fault labelled:
 * where nothing is ambiguous, almost nothing may be missed and almost no alert be false.
 */
export function syntheticFaults(seed: number, perShape = 6): LabelledSeries[] {
  return SHAPES.flatMap((shape) =>
    Array.from({ length: perShape }, (_, index) =>
      drawSeries(shape, index, seededChance(seed * 1009 + index * 31 + SHAPES.indexOf(shape))),
    ),
  );
}

function drawSeries(shape: Shape, index: number, chance: Chance): LabelledSeries {
  const step = [60_000 * 5, 60_000 * 5, 60_000 * 10, 60_000 * 15][index % 4]!;
  const sigma = 10 ** chance.between(-2, 3);
  const level = sigma * chance.between(20, 60);
  const memory = index % 3 === 2 ? 0.5 : 0;
  const draft: Draft = { times: [], values: [], windows: [] };
  let rest = 0;
  for (let at = START; at < START + DAYS * DAY; at += step) {
    rest = memory * rest + Math.sqrt(1 - memory * memory) * normal(chance);
    if (shape === 'sparse' && chance.next() > 0.4) continue;
    const jitter = shape === 'sparse' ? Math.floor(chance.between(0, step)) : 0;
    draft.times.push(at + jitter);
    draft.values.push(level + sigma * (shapeAt(shape, at + jitter) + rest));
  }
  const perDay = draft.times.length / DAYS;
  for (let nth = 0; FIRST_FAULT_DAY + nth * FAULT_EVERY_DAYS < DAYS - 2; nth++) {
    const day = FIRST_FAULT_DAY + nth * FAULT_EVERY_DAYS + chance.between(0, 1);
    addFault(
      FAULTS[(nth + index) % FAULTS.length]!,
      Math.floor(day * perDay),
      draft,
      perDay / 24,
      sigma,
      chance,
    );
  }
  if (shape === 'counter') accumulate(draft, chance);
  return finishSeries(`${shape}/${index}`, draft);
}

/** The shape without noise, in σ. */
function shapeAt(shape: Shape, at: number): number {
  const day = Math.sin((2 * Math.PI * at) / DAY);
  const weekday = new Date(at).getUTCDay();
  switch (shape) {
    case 'diurnal':
    case 'sparse':
      return 6 * day;
    case 'weekly':
      return weekday === 0 || weekday === 6 ? 2 * day - 8 : 6 * day;
    case 'trend':
      return (12 * (at - START)) / (DAYS * DAY);
    default:
      return 0;
  }
}

/** Spikes last one to three points, other faults 40 minutes to 4 hours. */
function addFault(
  kind: Fault,
  at: number,
  draft: Draft,
  perHour: number,
  sigma: number,
  chance: Chance,
): void {
  const size = sigma * chance.between(6, 12);
  const sign = chance.next() < 0.5 ? -1 : 1;
  const length = Math.floor(
    kind === 'spike' ? chance.between(1, 4) : Math.max(6, chance.between(0.7, 4) * perHour),
  );
  const { values } = draft;
  for (let index = at; index < at + length; index++) {
    const share = (index - at + 1) / length;
    if (kind === 'spike' || kind === 'shift') values[index]! += sign * size;
    else if (kind === 'ramp') values[index]! += sign * size * Math.min(1, 1.5 * share);
    else if (kind === 'outage') values[index] = Math.min(0.05 * size, values[index]! - size);
    else values[index]! += size * normal(chance);
  }
  place(draft, at, at + length - 1 + GRACE_POINTS);
}

/** Rates become a counter that restarts at 0 every few days, as after a deploy; restarts are no fault. */
function accumulate(draft: Draft, chance: Chance): void {
  let total = 0;
  for (const [index, value] of draft.values.entries()) {
    if (chance.next() < 0.001) total = 0;
    total += Math.max(0, value);
    draft.values[index] = total;
  }
}
