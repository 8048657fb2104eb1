import { type Draft, emptyState, type Figures } from './state.ts';

export const UNKNOWN = 0;
export const COUNTER = 1;
export const MEASUREMENT = 2;

/** Steps looked at before a series that only ever grows is taken for a counter. */
const STEPS_TO_TELL = 60;
const UPS_OF_COUNTER = 45;
const DOWNS_OF_COUNTER = 2;
/** More steps down than this among ten: it was no counter after all. */
const DOWNS_MOST_OF_TEN = 1;

/** What a value says, and the state it says it to: a new one when the series turned out another thing. */
export interface Reading {
  draft: Draft;
  /** Undefined where there is no rate yet: the first total, one out of order, one after a restart. */
  measurement: number | undefined;
}

/**
 * Reads a value as a measurement, or as the rate per second since the last total of a counter. A total
 * below the last is a restart and says nothing. `counter` settles what else the first 60 steps tell.
 */
export function readValue(
  draft: Draft,
  at: number,
  value: number,
  counter: boolean | undefined,
): Reading {
  const { figures } = draft;
  if (counter === false) return { draft, measurement: value };
  if (counter === true) figures.nature = COUNTER;
  if (figures.nature === MEASUREMENT) return { draft, measurement: value };
  const { total, totalAt } = figures;
  const first = totalAt === 0;
  figures.total = value;
  figures.totalAt = at;
  if (first) return { draft, measurement: figures.nature === COUNTER ? undefined : value };
  countStep(figures, value - total);
  if (figures.nature === UNKNOWN) return tell(draft, value);
  const { ups, downs, stays } = figures;
  if (counter === undefined && 10 * downs > DOWNS_MOST_OF_TEN * (ups + downs + stays) && downs > 5)
    return { draft: restart(figures, MEASUREMENT), measurement: value };
  const seconds = (at - totalAt) / 1000;
  return {
    draft,
    measurement: value < total || seconds <= 0 ? undefined : (value - total) / seconds,
  };
}

function countStep(figures: Figures, step: number): void {
  if (step > 0) figures.ups++;
  else if (step < 0) figures.downs++;
  else figures.stays++;
}

function tell(draft: Draft, value: number): Reading {
  const { figures } = draft;
  if (figures.ups + figures.downs + figures.stays < STEPS_TO_TELL)
    return { draft, measurement: value };
  if (figures.ups >= UPS_OF_COUNTER && figures.downs <= DOWNS_OF_COUNTER)
    return { draft: restart(figures, COUNTER), measurement: undefined };
  figures.nature = MEASUREMENT;
  return { draft, measurement: value };
}

/** What was learned of totals says nothing of rates, and the other way round. */
function restart(former: Figures, nature: number): Draft {
  const draft = emptyState();
  const { ups, downs, stays, total, totalAt, late, skipped } = former;
  Object.assign(draft.figures, { nature, ups, downs, stays, total, totalAt, late, skipped });
  return draft;
}
