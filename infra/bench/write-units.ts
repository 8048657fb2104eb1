import { randomUUID } from 'node:crypto';

import { openScenario, type Scenario } from '#infra/scenarios/harness.ts';
import { type Json, signIn } from '#infra/scenarios/person.testing.ts';

import { type Consumed, meterWrites } from './capacity-meter.ts';
import type { BenchResult, Figure } from './result.ts';

const MINUTE_MS = 60_000;
/** Lives of each sort after one that warms up; each alone, so that nothing is shared with another. */
const LIVES = 5;
/** USD for a million write request units, and where: on-demand, standard table class, without free tier. */
export const LIST_PRICE = { usd_per_million: 0.625, region: 'us-east-1' };

/** Four messages in two steps, every channel once. */
const POLICY = {
  policy_id: 'bench',
  name: 'Bench',
  match: {},
  order: 1,
  steps: [
    {
      delay_minutes: 0,
      targets: [
        { channel: 'pagerduty', destination: 'pagerduty-primary' },
        { channel: 'slack', destination: 'slack-ops' },
      ],
    },
    {
      delay_minutes: 5,
      targets: [
        { channel: 'email', destination: 'email-ops' },
        { channel: 'webhook', destination: 'webhook-audit' },
      ],
    },
  ],
};

/** The sorts of alert that are measured, by the type of the event that opens one. */
const SORTS = {
  'scenario.host': 'alert (WARN)',
  'metric.disk': 'alert (ERROR), its incident, and the alert that pages for that',
} as const;
type Sort = keyof typeof SORTS;

/** In the order of a life; what wakes no verb of an alert is told apart by its rows. */
const PHASES = ['open', 'count', 'escalate', 'ack', 'resolve'] as const;
const APART = ['deliver', 'publish', 'live screens'] as const;
type Phase = (typeof PHASES)[number];

/**
 * DynamoDB write units of an alert's whole life, as the calls themselves report them (the rules of
 * ConsumedCapacity: the item's KB, twice in a transaction, and each index row), from the event to the
 * last message after the resolve. The floor is every row written once by itself, without indexes.
 */
export async function measureWriteUnits(
  log: (line: string) => void,
  price: typeof LIST_PRICE,
): Promise<BenchResult> {
  const scenario = await openScenario();
  try {
    await ask(scenario, 'POST', '/v1/escalations', POLICY);
    await scenario.settle();
    const figures: Figure[] = [];
    for (const sort of Object.keys(SORTS) as Sort[]) {
      await live(scenario, sort, 'warm', () => undefined);
      const taken: { phase: Phase; consumed: Consumed }[] = [];
      for (let life = 0; life < LIVES; life++)
        await live(scenario, sort, `${life}`, (phase, consumed) => taken.push({ phase, consumed }));
      log(`${SORTS[sort]}: ${taken.length / LIVES} calls a life that write`);
      figures.push(...figuresOf(SORTS[sort], taken, price));
    }
    return { figures };
  } finally {
    await scenario.close();
  }
}

/** One alert from its first event to its end, with everything that follows from each step. */
async function live(
  scenario: Scenario,
  sort: Sort,
  name: string,
  take: (phase: Phase, consumed: Consumed) => void,
): Promise<void> {
  const service = `${sort.split('.')[1]}-${name}`;
  const put = () =>
    scenario.put([
      {
        bytes: Buffer.from(
          JSON.stringify({
            event_id: randomUUID(),
            source: 'bench',
            type: sort,
            service,
            payload: { host: service, mount: '/', value_percent: 99 },
          }),
        ),
        partition_key: service,
      },
    ]);
  const path = async () => {
    const { items } = await ask(scenario, 'GET', `/v1/alerts?service=${service}`);
    const found = items.find(({ group }: Json) => group?.['payload.host'] === service);
    return `/v1/alerts/${found.alert_id}`;
  };
  const steps: Record<Phase, () => Promise<unknown>> = {
    open: put,
    count: put,
    async escalate() {
      scenario.instance.advance(5 * MINUTE_MS);
    },
    ack: async () => ask(scenario, 'POST', `${await path()}/ack`, {}),
    resolve: async () => ask(scenario, 'POST', `${await path()}/resolve`, {}),
  };
  for (const phase of PHASES) {
    const stop = meterWrites(scenario.instance.services.dynamodb, (consumed) =>
      take(phase, consumed),
    );
    try {
      await steps[phase]();
      await scenario.settle();
    } finally {
      stop();
    }
  }
  const { count, state } = await ask(scenario, 'GET', await path());
  if (count !== 2 || state !== 'RESOLVED') throw new Error(`${count} events, ${state}`);
  const { items } = await ask(scenario, 'GET', `${await path()}/deliveries`);
  const sent = items.filter(({ status }: Json) => status === 'SENT' || status === 'CONFIRMED');
  if (sent.length !== 4) throw new Error(`${sent.length} of 4 messages were sent`);
}

/** Whose call it is: notifiers write deliveries without their alert, the publisher and broadcasters only rows of their own. */
function partOf(phase: Phase, { rows, table }: Consumed): Phase | (typeof APART)[number] {
  if (rows.has('ALERT')) return phase;
  if (rows.has('DELIVERY')) return 'deliver';
  if (rows.has('OUTBOX')) return 'publish';
  return table.endsWith('live') ? 'live screens' : phase;
}

function figuresOf(
  name: string,
  taken: readonly { phase: Phase; consumed: Consumed }[],
  { usd_per_million, region }: typeof LIST_PRICE,
): Figure[] {
  const sum = (of: (consumed: Consumed, phase: Phase) => number) =>
    taken.reduce((units, { phase, consumed }) => units + of(consumed, phase), 0) / LIVES;
  const total = sum(({ units }) => units);
  const ofIndexes = sum((consumed) => consumed.ofIndexes);
  const floor = sum(
    ({ operation, units, ofIndexes: own }) =>
      (units - own) / (operation === 'TransactWriteItems' ? 2 : 1),
  );
  const tables = [...new Set(taken.map(({ consumed }) => consumed.table))].toSorted();
  const share = (units: number) => `${((100 * units) / total).toFixed(0)} %`;
  const one = (label: string, value: number): Figure => ({
    name: `  ${label}`,
    value,
    unit: 'write units',
    note: share(value),
  });
  return [
    {
      name,
      value: total,
      unit: 'write units',
      note: `${(total / floor).toFixed(2)} × the same rows written once, plain`,
    },
    {
      name: '  1,000 such lives',
      value: (total * 1_000 * usd_per_million) / 1e6,
      unit: 'USD',
      note: `at ${usd_per_million} USD a million units, ${region}, on demand (--price, --region)`,
    },
    ...[...PHASES, ...APART].map((part) =>
      one(
        part,
        sum((consumed, phase) => (partOf(phase, consumed) === part ? consumed.units : 0)),
      ),
    ),
    ...tables.map((table) =>
      one(
        `table ${table}`,
        sum((consumed) => (consumed.table === table ? consumed.units : 0)),
      ),
    ),
    one('of all: indexes', ofIndexes),
  ];
}

/** As the administrator; tokens end within the hours that pass here. */
async function ask(scenario: Scenario, method: string, path: string, body?: object): Promise<Json> {
  const { status, json } = await (await signIn(scenario.instance, 'ada'))(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
}
