import type { Detector } from '#shared/detection/detector.ts';
import { DetectorConfig } from '#shared/detection/kinds.ts';
import { bindDetector } from '#shared/detection/registry.ts';

import { quantile } from '#infra/bench/result.ts';

import type { LabelledSeries, Scores } from './labelled-series.ts';

/** What a detector said of a corpus, and what it cost. */
export interface Scored {
  scores: Scores[];
  /** CPU of one `update`, µs. */
  microseconds: number;
  /** Packed state at the end of each series. */
  bytes: { median: number; largest: number };
}

/** A score for every point of a series, told in order. */
export type Teller = (at: number, value: number) => number;

/** Feeds every series to a detector of its own through the interface that the product uses. */
export function scoreWith(
  settings: Record<string, unknown>,
  corpus: readonly LabelledSeries[],
): Scored {
  const config = DetectorConfig.parse({ field: 'payload.value', ...settings });
  const detector: Detector<unknown> = bindDetector(config);
  const bytes: number[] = [];
  const started = process.cpuUsage();
  const scores = corpus.map(({ times, values }) => {
    let state = detector.empty();
    const said = Float64Array.from(values, (value, index) => {
      const at = times[index]!;
      const update = detector.update(state, { event_id: '', at, stated_at: at, value });
      state = update.state;
      return update.score ?? 0;
    });
    bytes.push(detector.pack(state).length);
    return said;
  });
  const { user, system } = process.cpuUsage(started);
  const points = corpus.reduce((sum, { values }) => sum + values.length, 0);
  return {
    scores,
    microseconds: (user + system) / points,
    bytes: { median: quantile(bytes, 0.5), largest: Math.max(...bytes) },
  };
}

/** The same of a plain function made afresh for each series. */
export function tellAll(teller: () => Teller, corpus: readonly LabelledSeries[]): Scores[] {
  return corpus.map(({ times, values }) => {
    const tell = teller();
    return Float64Array.from(values, (value, index) => tell(times[index]!, value));
  });
}

/** Keeps a score only where it beats the last kept one, which falls to 0 over so many points. */
export function holdPeaks(scores: readonly Scores[], points = 150): Scores[] {
  return scores.map((series) => {
    let peak = 0;
    let since = points;
    return series.map((score) => {
      const kept = score > 0 && score > peak * (1 - since / points);
      if (kept) peak = score;
      since = kept ? 1 : since + 1;
      return kept ? score : 0;
    });
  });
}
