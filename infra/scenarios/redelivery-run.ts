/**
 * The long proof that redelivery changes nothing: the same events with every batch once, with every batch
 * three times and more (whole, in parts, among others), and with commits refused; rules of every kind are
 * in force and the sweeper runs. Ends with status 1 when a row of any table differs.
 * `node infra/scenarios/redelivery-run.ts --events 200000 --seed 7`
 */
import { parseArgs } from 'node:util';

import { compareRuns, type Manner, type RedeliveryRun, runRedelivery } from './redelivery.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '7' },
  },
});
const options = { events: Number(values.events), seed: Number(values.seed) };

async function timed(manner: Manner): Promise<RedeliveryRun> {
  const started = performance.now();
  const run = await runRedelivery({ ...options, manner });
  const { tables: _rows, ...figures } = run;
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  console.log(JSON.stringify({ manner, seconds, ...figures }));
  return run;
}

const clean = await timed('clean');
let wrong = 0;
for (const manner of ['redelivered', 'refused'] as const) {
  const differing = compareRuns(clean, await timed(manner));
  wrong += differing.length;
  console.log(`${manner}: ${differing.length} rows differ`, ...differing.slice(0, 20));
}
process.exitCode = wrong === 0 ? 0 : 1;
