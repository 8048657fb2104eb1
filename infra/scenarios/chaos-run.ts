/**
 * Every fault at once, by chance: repeated and shuffled events, refused puts, refused writes, a bus
 * that refuses, receivers that fail, workers killed before and after calls of any kind. Each round is
 * held against the oracle. `node infra/scenarios/chaos-run.ts --rounds 8 --seed 1`
 */
import { parseArgs } from 'node:util';

import type { ReceiverFault } from '#infra/local/outbox/fault.ts';
import type { AwsRequest } from '#infra/local/service.ts';

import { seededChance } from '#infra/simulator/random.ts';
import { checkMessages, compareAlerts, leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { expectAlerts } from './oracle.ts';
import { makeWorkload, repeatAndShuffle } from './workload.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const KILLS_MAX = 5;
const KILL_RATIO = 0.003;
/** How long everything refuses at most; then it heals. */
const TROUBLE_MS = 8_000;

const RECEIVER_FAULTS: readonly ReceiverFault[] = [
  { remaining: 5, accept: true, reset: true },
  { remaining: 4, reset: true },
  { remaining: 8, status: 503 },
  { remaining: 8, status: 429, headers: { 'retry-after': '40' } },
];

/** Kills a worker before or after some calls that any of them makes; returns how often it did. */
function killByChance(scenario: Scenario, chance: () => number): () => number {
  const { dynamodb, events, sqs, s3, sns } = scenario.instance.services;
  let kills = 0;
  for (const service of [dynamodb, events, sqs, s3, sns]) {
    const handle = service.handle.bind(service);
    service.handle = async (request: AwsRequest) => {
      if (kills === KILLS_MAX || chance() >= KILL_RATIO) return handle(request);
      kills += 1;
      const worker = chance() < 0.5 ? 'stream' : 'request';
      if (chance() < 0.5) scenario.kill(worker);
      const answer = await handle(request);
      scenario.kill(worker);
      return answer;
    };
  }
  return () => kills;
}

function breakEverything({ instance }: Scenario, chance: () => number, seed: number): void {
  const { kinesis, dynamodb, events } = instance.services;
  kinesis.failPutRecords(0.2, seed);
  const kind = chance() < 0.5 ? 'throttle' : 'transaction_conflict';
  dynamodb.fault({ kind, ratio: 0.15, seed });
  events.fault({ kind: 'fail_entries', ratio: 0.2, seed });
  for (const receiver of ['pagerduty', 'webhook', 'slack'] as const)
    instance.outbox.setFault(
      receiver,
      RECEIVER_FAULTS[Math.floor(chance() * RECEIVER_FAULTS.length)],
    );
}

/** Runs one round; returns everything that came out wrong. */
async function round(seed: number): Promise<string[]> {
  const chance = seededChance(seed).next;
  const scenario = await openScenario();
  const { services, mappings } = scenario.instance;
  try {
    const kills = killByChance(scenario, chance);
    breakEverything(scenario, chance, seed);
    const from = Date.now() - 600_000;
    const puts = makeWorkload({ events: 1_500, seed, matching: 0.12, from });
    await scenario.put(repeatAndShuffle(puts, seed, 60_000));
    const detected = mappings.streams.get('kinesis → detect')!.idle();
    await Promise.race([detected, new Promise((resolve) => setTimeout(resolve, TROUBLE_MS))]);
    services.kinesis.failPutRecords(0, 0);
    services.dynamodb.fault(undefined);
    services.events.fault(undefined);
    const { minutes } = await scenario.settle(120_000);
    const snapshot = await scenario.snapshot();
    const { missing, unexpected, differing, repeated, sent } = checkMessages(snapshot);
    const wrong = [
      ...compareAlerts(snapshot.alerts, expectAlerts(puts.map(({ event }) => event))),
      ...missing.map((line) => `not told: ${line}`),
      ...unexpected.map((line) => `told for nothing: ${line}`),
      ...differing.map((line) => `told with two keys: ${line}`),
      ...leftovers(snapshot),
    ];
    const figures = { kills: kills(), minutes, sent, repeated };
    console.log(`seed ${seed}: ${wrong.length === 0 ? 'ok' : 'WRONG'}`, figures, ...wrong);
    return wrong;
  } finally {
    await scenario.close();
  }
}

const first = Number(values.seed);
let wrong = 0;
for (let seed = first; seed < first + Number(values.rounds); seed++)
  wrong += (await round(seed)).length;
process.exitCode = wrong === 0 ? 0 : 1;
