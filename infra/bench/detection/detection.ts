import type { BenchResult, Figure } from '#infra/bench/result.ts';
import { SHIPPED_THRESHOLD } from '#shared/detection/learned/config.ts';

import { alertQuality } from './alert-quality.ts';
import { ewma, holtWinters } from './baseline.ts';
import { cloudTelemetry } from './cloud-telemetry.ts';
import type { LabelledSeries, Scores } from './labelled-series.ts';
import { orderPoints, PROFILES, scoreCorpus, scoreOrdered } from './nab-score.ts';
import { readFinalResults, readNab, readPublished } from './read-nab.ts';
import { holdPeaks, scoreWith, tellAll } from './score-with.ts';
import { syntheticFaults } from './synthetic-faults.ts';

const PUBLISHED = ['contextOSE', 'knncad', 'randomCutForest'] as const;
/** How far our scoring may be from the published figures. */
const PUBLISHED_TOLERANCE = 1e-6;
const STANDARD = PROFILES[0]!;
const LEARNED = { kind: 'learned' };
const GOALS: Record<string, string> = { standard: '65', reward_low_FP_rate: '60' };

/** What stands beside the learned detector: plain methods, and the statistical kind's. */
const RIVALS: Record<string, (corpus: readonly LabelledSeries[]) => Scores[]> = {
  'EWMA z': (corpus) => holdPeaks(tellAll(() => ewma(), corpus)),
  'Holt-Winters z': (corpus) => holdPeaks(tellAll(() => holtWinters(), corpus)),
  ...Object.fromEntries(
    ['ewma', 'holt-winters', 'seasonal', 'robust-z'].map((method) => [
      `statistical ${method}`,
      (corpus: readonly LabelledSeries[]) =>
        holdPeaks(scoreWith({ kind: 'statistical', method }, corpus).scores),
    ]),
  ),
};

/**
 * How good the detectors of metrics are: on the Numenta Anomaly Benchmark in `data` (left out when
 * there is none), on drawn cloud telemetry and on plain series with injected faults. Throws when our
 * scoring does not reproduce what was published.
 */
export async function measureDetection(
  log: (line: string) => void,
  seed: number,
  data?: string,
): Promise<BenchResult> {
  const figures: Figure[] = [];
  if (data === undefined) log('no --data FOLDER, so nothing of the Numenta Anomaly Benchmark');
  else {
    const corpus = readNab(data);
    log(`${corpus.length} series of the Numenta Anomaly Benchmark read`);
    figures.push(...publishedFigures(data, corpus));
    log('the scorer reproduces what was published');
    figures.push(...learnedFigures('NAB', corpus, log), ...halfFigures(corpus));
    figures.push(...rivalFigures('NAB', corpus, log));
  }
  const telemetry = cloudTelemetry(seed);
  figures.push(
    ...learnedFigures('cloud', telemetry, log),
    ...rivalFigures('cloud', telemetry, log),
  );
  const synthetic = syntheticFaults(seed);
  figures.push(...learnedFigures('faults', synthetic, log), ...shapeFigures(synthetic));
  return { figures };
}

/** Our score of others' published detections, with the published score beside it. */
function publishedFigures(data: string, corpus: readonly LabelledSeries[]): Figure[] {
  const results = readFinalResults(data);
  return PUBLISHED.flatMap((detector) => {
    const points = orderPoints(corpus, readPublished(data, detector, corpus));
    return PROFILES.map((profile) => {
      const { score } = scoreOrdered(points, profile);
      const published = results[detector]?.[profile.name] ?? Number.NaN;
      const off = Math.abs(score - published);
      if (!(off <= PUBLISHED_TOLERANCE))
        throw new Error(`${detector} ${profile.name}: ${score}, published ${published}`);
      return {
        name: `NAB ${detector}, ${profile.name}`,
        value: score,
        unit: 'score',
        note: `published ${published.toFixed(6)}, off by ${off.toExponential(0)}`,
      };
    });
  });
}

/** The learned detector under every profile, searched and as shipped, and what its alerts are worth. */
function learnedFigures(
  name: string,
  corpus: readonly LabelledSeries[],
  log: (line: string) => void,
): Figure[] {
  const { scores, microseconds, bytes } = scoreWith(LEARNED, corpus);
  log(`${name}: learned on ${corpus.length} series`);
  const points = orderPoints(corpus, scores);
  const searched = PROFILES.map((profile): Figure => {
    const { score, threshold } = scoreOrdered(points, profile);
    const goal = name === 'NAB' && GOALS[profile.name];
    return {
      name: `${name} learned, ${profile.name}, searched`,
      value: score,
      unit: 'score',
      note: `threshold ${threshold.toFixed(2)}${goal ? `; goal ${goal}` : ''}`,
    };
  });
  const fixed = PROFILES.map((profile): Figure => {
    const at = (threshold: number) => scoreOrdered(points, profile, threshold).score;
    const around = [-1, 1].map((step) => at(SHIPPED_THRESHOLD + step).toFixed(1));
    const goal = name === 'NAB' && profile === STANDARD ? '; goal 62' : '';
    return {
      name: `${name} learned, ${profile.name}, as shipped`,
      value: at(SHIPPED_THRESHOLD),
      unit: 'score',
      note: `threshold ${SHIPPED_THRESHOLD}; one lower ${around[0]}, one higher ${around[1]}${goal}`,
    };
  });
  const quality = alertQuality(corpus, scores, SHIPPED_THRESHOLD);
  const goal = (text: string) => (name === 'faults' ? `; goal ${text}` : '');
  return [
    ...searched,
    ...fixed,
    {
      name: `${name} learned, alerts that are right`,
      value: 100 * quality.precision,
      unit: '%',
      note: `of ${quality.alerts}${goal('> 95')}`,
    },
    {
      name: `${name} learned, windows told`,
      value: 100 * quality.recall,
      unit: '%',
      note: `as shipped${goal('≥ 95')}`,
    },
    { name: `${name} learned, CPU`, value: microseconds, unit: 'µs/point', note: 'goal ≤ 15' },
    {
      name: `${name} learned, packed state, largest`,
      value: bytes.largest,
      unit: 'bytes',
      note: `median ${bytes.median}; limit 4,096`,
    },
  ];
}

/** The half of the files the constants were chosen on, and the half they were not. */
function halfFigures(corpus: readonly LabelledSeries[]): Figure[] {
  return (['chosen on', 'not chosen on'] as const).map((half, parity) => {
    const files = corpus.filter((_, index) => index % 2 === parity);
    const { scores } = scoreWith(LEARNED, files);
    const searched = PROFILES.slice(0, 2).map((p) => scoreCorpus(files, scores, p).score);
    return {
      name: `NAB learned, half ${half}, as shipped`,
      value: scoreCorpus(files, scores, STANDARD, SHIPPED_THRESHOLD).score,
      unit: 'score',
      note: `searched ${searched[0]!.toFixed(1)}, low FP ${searched[1]!.toFixed(1)}`,
    };
  });
}

function rivalFigures(
  name: string,
  corpus: readonly LabelledSeries[],
  log: (line: string) => void,
): Figure[] {
  return Object.entries(RIVALS).map(([rival, tell]) => {
    const scores = tell(corpus);
    log(`${name}: ${rival}`);
    const points = orderPoints(corpus, scores);
    const { score, threshold } = scoreOrdered(points, STANDARD);
    const lowFp = scoreOrdered(points, PROFILES[1]!).score;
    const { precision, recall } = alertQuality(corpus, scores, threshold);
    return {
      name: `${name} ${rival}, standard, searched`,
      value: score,
      unit: 'score',
      note: `threshold ${threshold.toFixed(2)}, low FP ${lowFp.toFixed(1)}, right ${(100 * precision).toFixed(0)} %, told ${(100 * recall).toFixed(0)} %`,
    };
  });
}

/** Faults told and alerts that are right, by shape of the series. */
function shapeFigures(corpus: readonly LabelledSeries[]): Figure[] {
  const shapes = new Set(corpus.map(({ name }) => name.split('/')[0]!));
  return [...shapes].map((shape) => {
    const own = corpus.filter(({ name }) => name.startsWith(`${shape}/`));
    const { scores } = scoreWith(LEARNED, own);
    const { precision, recall, alerts } = alertQuality(own, scores, SHIPPED_THRESHOLD);
    return {
      name: `faults in ${shape} series told`,
      value: 100 * recall,
      unit: '%',
      note: `${(100 * precision).toFixed(1)} % of ${alerts} alerts right`,
    };
  });
}
