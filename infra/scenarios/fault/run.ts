/**
 * The whole fault matrix, each fault held against a run without it. A line for each fault as it ends, a report in
 * JSON at the end, status 1 when anything differs.
 * `node infra/scenarios/fault/run.ts [--seed 7] [--only F3,F6] [--short] [--scale 0.1] [--json faults.json]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { CleanRuns } from './clean-run.ts';
import type { Fault, FaultOptions, Verdict } from './fault.ts';
import { MATRIX } from './matrix.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    json: { type: 'string', default: 'faults.json' },
  },
});

interface Row extends Verdict {
  id: string;
  name: string;
  what: string;
  seed: number;
  seconds: number;
}

const seed = Number(values.seed);
const size = values.short ? 'short' : 'long';
const only = values.only?.split(',').map((name) => name.trim().toLowerCase());
const chosen = MATRIX.filter(
  ({ id, name }) => !only || only.includes(id.toLowerCase()) || only.includes(name),
);
const clean = new CleanRuns();

async function runOne({ id, name, what, run }: Fault): Promise<Row> {
  const started = performance.now();
  const options: FaultOptions = {
    seed,
    size,
    scale: Number(values.scale),
    clean,
    say: (line) => console.log(`        ${id} ${name}: ${line}`),
  };
  const verdict = await run(options).catch((error: unknown): Verdict => {
    const text = error instanceof Error ? error.message : String(error);
    return { wrong: [text], lost: 0, extra: 0, doubles: 0, repeated: 0, figures: {} };
  });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { id, name, what, seed, seconds, ...verdict };
}

function lineOf({ id, name, seconds, lost, extra, doubles, repeated, wrong }: Row): string {
  const verdict = wrong.length === 0 ? 'ok   ' : 'WRONG';
  const counts = `lost ${lost}, extra ${extra}, doubles ${doubles}, repeated ${repeated}`;
  return `${verdict} ${id.padEnd(6)} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s  ${counts}`;
}

const started = performance.now();
const rows: Row[] = [];
for (const [index, fault] of chosen.entries()) {
  const row = await runOne(fault);
  rows.push(row);
  console.log(`${lineOf(row)}  (${index + 1} of ${chosen.length}, seed ${seed})`);
  for (const line of row.wrong.slice(0, 20)) console.log(`        ${line}`);
}
const wrong = rows.filter((row) => row.wrong.length > 0);
const seconds = Math.round((performance.now() - started) / 100) / 10;
const report = {
  seed,
  size,
  scale: Number(values.scale),
  seconds,
  ok: wrong.length === 0,
  faults: rows,
};
writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
console.log(
  `${rows.length - wrong.length} of ${rows.length} as the run without a fault, ${seconds} s; ${values.json}`,
);
process.exitCode = wrong.length === 0 && rows.length > 0 ? 0 : 1;
