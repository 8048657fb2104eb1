import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { measureAck } from './ack.ts';
import { measureDetection } from './detection/detection.ts';
import { measureDetector } from './detector.ts';
import { measureHostile } from './hostile.ts';
import { measureLabelled } from './labelled.ts';
import { measureLatency } from './latency.ts';
import type { BenchResult } from './result.ts';
import { measureRules } from './rules.ts';
import { measureStages } from './stage.ts';
import { measureStartup } from './startup.ts';
import { measureThroughput } from './throughput.ts';
import { measureTimers } from './timers.ts';
import { LIST_PRICE, measureWriteUnits } from './write-units.ts';

const BENCHES: Record<string, (log: (line: string) => void, seed: number) => Promise<BenchResult>> =
  {
    stages: measureStages,
    startup: measureStartup,
    throughput: measureThroughput,
    latency: measureLatency,
    ack: (log) => measureAck(log, Number(values.share)),
    timers: (log) => measureTimers(log, Number(values.share)),
    'write-units': (log) =>
      measureWriteUnits(log, { usd_per_million: Number(values.price), region: values.region }),
    rules: measureRules,
    hostile: measureHostile,
    detector: measureDetector,
    detection: (log, seed) => measureDetection(log, seed, values.data),
    labelled: (log) => measureLabelled(log, values.data!),
  };

/** Run on what is in the folder that `--data` names, and left out where none is named. */
const ON_DATA = new Set(['labelled']);

const HELP = `npm run bench -- [${Object.keys(BENCHES).join('|')} …] [--json FILE] [--seed N] [--data DIR]
       [--share 0…1] [--price USD] [--region NAME]

  startup      npm start until GET /_local/health answers 200
  stages       CPU per event by stage of the detector, as ratios to base64 + JSON.parse
  throughput   events a second, flat out, and CPU per event by process
  latency      put → socket, p50 and p99, at 20, 200 and 2,000 events a second
  ack          request → answer and request → another's socket, by HTTP and by socket, one and 1,000 at once
  timers       lateness of 10,000 timers due in one minute
  write-units  DynamoDB write units and price of an alert's life (--price a million units, --region)
  rules        CPU of matching 1 to 10,000 rules, as ratios to JSON.parse, beside other engines
  hostile      the most CPU that rules and texts made to harm can cost
  detector     the whole detector on 6 MB invocations with 1,000 rules, as a ratio to the floor
  detection    detectors of metrics on the Numenta Anomaly Benchmark (--data) and on drawn series
  labelled     the CloudTrail pack against labelled events (--data, a folder of .json.gz)

  --share 0.1  a tenth of the requests and timers of ack and timers, to see them run`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    share: { type: 'string', default: '1' },
    price: { type: 'string', default: String(LIST_PRICE.usd_per_million) },
    region: { type: 'string', default: LIST_PRICE.region },
    help: { type: 'boolean', short: 'h' },
  },
});
const runnable = Object.keys(BENCHES).filter(
  (name) => values.data !== undefined || !ON_DATA.has(name),
);
const chosen = positionals.length > 0 ? positionals : runnable;
const unknown = chosen.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help || unknown.length > 0) {
  console.log(HELP);
  if (unknown.length > 0) console.error(`\nThere is no bench "${unknown.join('", "')}".`);
  process.exit(unknown.length > 0 ? 2 : 0);
}
if (values.data === undefined && chosen.some((name) => ON_DATA.has(name))) {
  console.error('This bench needs --data DIR.');
  process.exit(2);
}

const results: Record<string, BenchResult> = {};
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
);
for (const name of chosen) {
  console.log(`\n${name}`);
  results[name] = await BENCHES[name]!((line) => console.log(`  … ${line}`), Number(values.seed));
  for (const { name: figure, value, unit, note } of results[name].figures)
    console.log(
      `  ${figure.padEnd(44)} ${format(value).padStart(12)} ${unit}${note ? `   ${note}` : ''}`,
    );
}
if (values.json)
  writeFileSync(
    values.json,
    JSON.stringify(
      { node: process.versions.node, cpus: cpus().length, at: new Date().toISOString(), results },
      null,
      2,
    ),
  );

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
