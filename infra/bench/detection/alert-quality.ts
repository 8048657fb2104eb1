import type { LabelledSeries, Scores } from './labelled-series.ts';
import { probationOf } from './nab-score.ts';

/** How an on-call engineer would see it: of the alerts, how many were right; of the faults, how many were told. */
export interface AlertQuality {
  alerts: number;
  /** Share of alerts inside a labelled span; NaN when there is none. */
  precision: number;
  /** Share of labelled spans with an alert; those that end within the probation are left out. */
  recall: number;
}

export function alertQuality(
  corpus: readonly LabelledSeries[],
  scores: readonly Scores[],
  threshold: number,
): AlertQuality {
  let [alerts, right, spans, told] = [0, 0, 0, 0];
  for (const [index, { values, windows }] of corpus.entries()) {
    const probation = probationOf(values.length);
    const fired = [...scores[index]!.keys()].filter(
      (at) => at >= probation && scores[index]![at]! >= threshold,
    );
    const inside = (at: number) => windows.some(([first, last]) => at >= first && at <= last);
    alerts += fired.length;
    right += fired.filter(inside).length;
    for (const [first, last] of windows) {
      if (last < probation) continue;
      spans++;
      if (fired.some((at) => at >= first && at <= last)) told++;
    }
  }
  return { alerts, precision: right / alerts, recall: told / spans };
}
