import type { ReceiverFault } from '#infra/local/outbox/fault.ts';
import type { AwsRequest } from '#infra/local/service.ts';
import { checkMessages, compareAlerts, leftovers } from '#infra/scenarios/compare.ts';
import { openScenario, type Scenario } from '#infra/scenarios/harness.ts';
import { expectAlerts } from '#infra/scenarios/oracle.ts';
import { makeWorkload, repeatAndShuffle } from '#infra/scenarios/workload.ts';
import { seededChance } from '#infra/simulator/random.ts';

import type { Fault, Verdict } from './fault.ts';

const ROUNDS = { short: 1, long: 6 } as const;
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

/** Every fault at once, by chance: each round is a seed of its own, held against the oracle. */
export const chaos: Fault = {
  id: 'chaos',
  name: 'chaos',
  what: 'repeated, refused, throttled, unannounced, unanswered and killed, all at once and by chance',
  async run({ seed, size, say }): Promise<Verdict> {
    const total: Verdict = { wrong: [], lost: 0, extra: 0, doubles: 0, repeated: 0, figures: {} };
    let kills = 0;
    for (let round = seed; round < seed + ROUNDS[size]; round++) {
      const end = await runRound(round);
      total.wrong.push(...end.wrong.map((line) => `seed ${round}: ${line}`));
      total.repeated += end.repeated;
      kills += end.kills;
      say(`seed ${round}: ${end.wrong.length === 0 ? 'ok' : 'WRONG'}, ${end.kills} kills`);
    }
    return { ...total, figures: { rounds: ROUNDS[size], kills } };
  },
};

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

async function runRound(
  seed: number,
): Promise<{ wrong: string[]; repeated: number; kills: number }> {
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
    await scenario.settle(300_000);
    const snapshot = await scenario.snapshot();
    const { missing, unexpected, differing, repeated } = checkMessages(snapshot);
    const wrong = [
      ...compareAlerts(snapshot.alerts, expectAlerts(puts.map(({ event }) => event))),
      ...missing.map((line) => `not told: ${line}`),
      ...unexpected.map((line) => `told for nothing: ${line}`),
      ...differing.map((line) => `told under two keys: ${line}`),
      ...leftovers(snapshot),
    ];
    return { wrong, repeated, kills: kills() };
  } finally {
    await scenario.close();
  }
}
