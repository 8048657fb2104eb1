import { STREAM } from '#infra/topology.ts';

import { simulate } from './simulate.ts';

/** The demo's child process: `npm start` runs it with AWS_ENDPOINT_URL set, and ends it by a signal or by hanging up. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
process.on('disconnect', () => stop.abort());

await simulate({
  stream: process.env.SENTRY_STREAM ?? STREAM.name,
  rate: Number(process.env.SENTRY_DEMO_RATE ?? 20),
  faultEverySeconds: Number(process.env.SENTRY_DEMO_FAULT_SECONDS ?? 45),
  seed: Number(process.env.SENTRY_DEMO_SEED ?? Date.now() % 2 ** 31),
  signal: stop.signal,
  log: (line) => console.log(line),
});
