import { parseArgs } from 'node:util';

import { measurePerceived } from './dashboard/acknowledge.ts';
import { measureChart } from './dashboard/chart.ts';
import { measureFeed } from './dashboard/feed.ts';
import { holdSockets, measureReconnects } from './dashboard/reconnect.ts';
import { fastClock, measureSoak } from './dashboard/soak.ts';
import { type Stage, withStage } from './dashboard/stage.ts';
import type { BenchResult } from './result.ts';

const HELP = `node infra/bench/dashboard.ts [feed|chart|acknowledge|soak|reconnects …]

  A built dashboard in a headless Chromium, before an instance of its own.

  feed         main-thread share of the overview at --rate events/s (5000) for --seconds (15)
  chart        CPU of a frame of the live chart at --points (10000), over --frames (300)
  acknowledge  key → shown, over --count alerts (30)
  soak         heap over --hours of the page's clock (8), which runs 60 times as fast
  reconnects   --sessions (500) cuts of the socket: client state against server state

  --dashboard DIRECTORY  a build made elsewhere`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '15' },
    points: { type: 'string', default: '10000' },
    frames: { type: 'string', default: '300' },
    count: { type: 'string', default: '30' },
    hours: { type: 'string', default: '8' },
    sessions: { type: 'string', default: '500' },
    dashboard: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

interface Bench {
  path: string;
  /** Runs in the page before anything else. */
  script?: () => void;
  measure: (stage: Stage) => Promise<BenchResult>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  feed: {
    path: '/',
    measure: (stage) =>
      measureFeed(stage, { rate: Number(values.rate), seconds: Number(values.seconds) }),
  },
  chart: {
    path: '/',
    measure: (stage) =>
      measureChart(stage, { points: Number(values.points), frames: Number(values.frames) }),
  },
  acknowledge: {
    path: '/alerts',
    measure: (stage) => measurePerceived(stage, { count: Number(values.count) }),
  },
  soak: {
    path: '/',
    script: fastClock,
    measure: (stage) => measureSoak(stage, { hours: Number(values.hours), speed: 60 }),
  },
  reconnects: {
    path: '/alerts',
    script: holdSockets,
    measure: (stage) => measureReconnects(stage, { sessions: Number(values.sessions) }),
  },
};

const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = chosen.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help || unknown.length > 0) {
  console.log(HELP);
  if (unknown.length > 0) console.error(`\nThere is no bench "${unknown.join('", "')}".`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

for (const name of chosen) {
  const { path, script, measure } = BENCHES[name]!;
  console.log(`\n${name}`);
  const { figures } = await withStage(
    { path, dashboard: values.dashboard, ...(script && { script }) },
    measure,
  );
  for (const { name: figure, value, unit, note } of figures)
    console.log(
      `  ${figure.padEnd(44)} ${value.toPrecision(3).padStart(9)} ${unit}${note ? `   ${note}` : ''}`,
    );
}
