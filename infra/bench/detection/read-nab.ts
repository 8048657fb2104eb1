import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import * as z from 'zod';

import type { LabelledSeries, Scores } from './labelled-series.ts';

const Windows = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
const Published = z.record(z.string(), z.array(z.number()));
const FinalResults = z.record(z.string(), z.record(z.string(), z.number()));

/** Reads the benchmark's series and label windows; throws on anything missing or not as expected. */
export function readNab(root: string): LabelledSeries[] {
  const windows = Windows.parse(readJson(join(root, 'labels/combined_windows.json')));
  return Object.entries(windows)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, spans]) => readSeries(join(root, 'data', name), name, spans));
}

/** Detections of another detector as published, in the order of the corpus. */
export function readPublished(
  root: string,
  detector: string,
  corpus: readonly LabelledSeries[],
): Scores[] {
  const bytes = gunzipSync(readFileSync(join(root, `published/${detector}.json.gz`)));
  const scores = Published.parse(JSON.parse(bytes.toString('utf8')));
  return corpus.map(({ name }) => Float64Array.from(scores[name] ?? []));
}

/** Scores by detector and profile as published. */
export function readFinalResults(root: string): z.infer<typeof FinalResults> {
  return FinalResults.parse(readJson(join(root, 'published/final_results.json')));
}

function readSeries(
  path: string,
  name: string,
  spans: readonly (readonly [string, string])[],
): LabelledSeries {
  const rows = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  const times = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const comma = row.indexOf(',');
    times[index] = instantOf(row.slice(0, comma));
    values[index] = Number(row.slice(comma + 1));
  }
  const indexOf = (text: string): number => {
    const index = times.indexOf(instantOf(text));
    if (index < 0)
      throw new Error(`${name} has no point at ${text}, where a window begins or ends`);
    return index;
  };
  return { name, times, values, windows: spans.map(([from, to]) => [indexOf(from), indexOf(to)]) };
}

/** The benchmark's times have no zone; they are read as UTC. */
function instantOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
