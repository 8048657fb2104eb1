import { parseArgs } from 'node:util';

import { simulate as run } from '#infra/simulator/simulate.ts';
import { STREAM } from '#infra/topology.ts';

import { chooseEndpoint } from './endpoint.ts';

export const SIMULATE_HELP = `sentry simulate: believable traffic of six services with injected faults

  --rate N          ordinary events a second, default 20
  --duration S      seconds, default until Ctrl-C
  --fault-every S   seconds between faults, default 45; 0 = none
  --seed N          the same traffic again
  --aws             your AWS account instead of the local instance`;

/** Simulates until Ctrl-C or the duration is over, then prints totals. */
export async function simulate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rate: { type: 'string', default: '20' },
      duration: { type: 'string' },
      'fault-every': { type: 'string', default: '45' },
      seed: { type: 'string' },
      aws: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(SIMULATE_HELP);
  const endpoint = await chooseEndpoint(values.aws);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  console.log(`simulating at ${endpoint}; Ctrl-C stops`);
  const totals = await run({
    stream: process.env.SENTRY_STREAM ?? STREAM.name,
    rate: number(values.rate, '--rate'),
    faultEverySeconds: number(values['fault-every'], '--fault-every'),
    seed: values.seed === undefined ? Date.now() % 2 ** 31 : number(values.seed, '--seed'),
    ...(values.duration !== undefined && {
      durationSeconds: number(values.duration, '--duration'),
    }),
    signal: stop.signal,
    log: (line) => console.log(line),
  });
  console.log(`${totals.sent} events sent, ${totals.failed} not taken`);
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new Error(`${option} takes a number, not "${text}"`);
  return value;
}
