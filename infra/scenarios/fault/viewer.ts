import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import type { Scenario } from '#infra/scenarios/harness.ts';
import { awsSettings } from '#infra/scenarios/producer.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { until } from '#infra/scenarios/until.ts';
import { TABLES } from '#infra/topology.ts';

import type { Fault, Verdict } from './fault.ts';
import { hostEvent, missExactly, openStage, REAL_MS, type Stage } from './viewer-stage.ts';

const CUTS = { short: 5, long: 60 } as const;
const MINUTE_MS = 60_000;
/** Frames are kept for fifteen minutes. */
const EXPIRED_MS = 16 * MINUTE_MS;
/** An access token ends after an hour, a fresh socket is taken 45 s before; a silent one is closed after ten minutes. */
const TOKEN_STEPS = [...Array.from({ length: 6 }, () => 9 * MINUTE_MS), 320_000];
/** So many alerts with the longest texts there may be are more than one message of 128 KB. */
const LARGE_ALERTS = 100;
const LARGE_TEXT = '漢字'.repeat(400);
const FRAME_BYTES = 32 * 1024;
const MESSAGE_BYTES = 128 * 1024;

export const viewer: Fault = {
  id: 'F17',
  name: 'viewer',
  what: 'a page cut off, told 410, two hours old, with a cursor too old or too much to tell: it shows what the API lists',
  async run({ seed, size, say, scale = 1 }): Promise<Verdict> {
    const stage = await openStage(seed);
    const { page, verdict } = stage;
    try {
      await until(() => page.live.status().kind === 'live', REAL_MS);
      const cuts = size === 'short' ? CUTS.short : Math.max(CUTS.short, CUTS.long * scale);
      const stories = [
        () => beCut(stage, cuts),
        () => beAway(stage),
        () => beGone(stage),
        () => beForgotten(stage),
        () => beTooOld(stage),
        () => beTooLarge(stage),
        () => passHours(stage, size === 'short' ? 1 : 3),
        () => sleepTwoHours(stage),
      ];
      for (const story of stories) {
        const started = performance.now();
        const what = await story();
        say(`${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
      }
      const twice = page.announced.filter((one, at) => page.announced.indexOf(one) !== at);
      verdict.doubles = twice.length;
      verdict.wrong.push(...twice.map((one) => `announced twice: ${one}`));
      verdict.figures = {
        sockets: page.opened(),
        snapshots: page.snapshots(),
        parts: page.parts(),
        largest_message: page.largest(),
        announced: page.announced.length,
        times_caught_up: page.missed.length,
        alerts: page.store.all().length,
      };
      return verdict;
    } finally {
      await stage.end();
    }
  },
};

/** The connection is cut again and again while alerts change. */
async function beCut(stage: Stage, cuts: number): Promise<string> {
  const { page, churn, chance } = stage;
  for (let n = 0; n < cuts; n++) {
    const changing = churn();
    // Sometimes before the page is live again, sometimes after.
    if (chance() < 0.5) await until(() => page.live.status().kind === 'live', REAL_MS);
    page.cut();
    await changing;
  }
  await stage.converge('cuts');
  return `${Math.round(cuts)} cuts`;
}

/** Without a network for a while: what the page says it missed is what changed. */
async function beAway({ page, verdict, ...stage }: Stage): Promise<string> {
  const snapshots = page.snapshots();
  await missExactly({ page, verdict, ...stage }, 'absence', stage.churn);
  if (page.snapshots() > snapshots) verdict.wrong.push('a short absence took a snapshot');
  return `missed ${page.missed.at(-1)}`;
}

/** The connection is gone and nobody told: the push to it is answered with 410, and its row goes. */
async function beGone({ scenario, page, verdict, churn, converge: same }: Stage): Promise<string> {
  const { invoker } = scenario.instance;
  const invoke = invoker.invoke.bind(invoker);
  invoker.invoke = (name, event, ...rest) =>
    name === 'live' && routeOf(event) === '$disconnect'
      ? Promise.resolve({ statusCode: 200 })
      : invoke(name, event, ...rest);
  const before = new Set(
    (await connectionRows(scenario)).map(({ connection_id }) => connection_id),
  );
  page.cut();
  await until(() => page.live.status().kind === 'live', REAL_MS);
  const left = (await connectionRows(scenario)).filter((row) => before.has(row.connection_id));
  invoker.invoke = invoke;
  if (left.length === 0) verdict.wrong.push('no connection was left behind');
  await churn();
  await same('410');
  const still = (await connectionRows(scenario)).filter((row) => before.has(row.connection_id));
  if (still.length > 0) verdict.wrong.push(`${still.length} connections outlived their 410`);
  return `${left.length} connections answered 410`;
}

/** The row is gone while the socket is open: nothing is pushed to it any more, and its next ping ends it. */
async function beForgotten({ scenario, page, churn, converge: same }: Stage): Promise<string> {
  const opened = page.opened();
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient(awsSettings(scenario.instance.url)),
  );
  try {
    for (const { pk, sk } of await connectionRows(scenario))
      await client.send(new DeleteCommand({ TableName: TABLES.live.name, Key: { pk, sk } }));
  } finally {
    client.destroy();
  }
  await churn();
  page.live.wake();
  await until(() => page.opened() > opened, REAL_MS);
  await same('a row that was gone');
  return 'a row gone under its socket';
}

/** Away for longer than frames are kept: the page takes a new snapshot. */
async function beTooOld({ page, verdict, ...stage }: Stage): Promise<string> {
  const snapshots = page.snapshots();
  await missExactly({ page, verdict, ...stage }, 'a cursor too old', async () => {
    await stage.churn();
    stage.scenario.instance.advance(EXPIRED_MS);
    await stage.churn();
  });
  if (page.snapshots() === snapshots) verdict.wrong.push('a cursor too old took no snapshot');
  return `missed ${page.missed.at(-1)}, all of it in a snapshot`;
}

/** Alerts of the longest texts at once, a snapshot of them all, and calls that are too long themselves. */
async function beTooLarge(stage: Stage): Promise<string> {
  const { scenario, page, verdict } = stage;
  const hosts = Array.from({ length: LARGE_ALERTS }, (_, n) => `${n}-${LARGE_TEXT}`);
  await scenario.put(hosts.map((host) => hostEvent(host, scenario.instance.clock.now())));
  await stage.converge('large alerts');
  if (page.largest() > FRAME_BYTES * 4) verdict.wrong.push(`a message of ${page.largest()} bytes`);
  const parts = page.parts();
  page.network(false);
  await stage.churn();
  scenario.instance.advance(EXPIRED_MS);
  await stage.churn();
  page.network(true);
  await stage.converge('a large snapshot');
  if (page.parts() === parts) verdict.wrong.push('a large snapshot came in one part');
  for (const bytes of [FRAME_BYTES + 1, MESSAGE_BYTES + 1]) {
    const opened = page.opened();
    // A frame so long ends the connection, as on AWS; the page asks again by HTTP, which refuses it in words.
    await page.call('alerts.list', { q: 'x'.repeat(bytes) }).catch(() => undefined);
    await stage.churn();
    await until(() => page.opened() > opened, REAL_MS);
    await stage.converge(`a message of ${bytes} bytes`);
  }
  return `${LARGE_ALERTS} large alerts, ${page.parts() - parts} further parts`;
}

/** Nobody looks for hours: sockets are changed before their tokens end, and nothing is missed meanwhile. */
async function passHours(stage: Stage, hours: number): Promise<string> {
  const { scenario, page, verdict } = stage;
  page.look(false);
  await page.live.rotate();
  const [caughtUp, states, started] = [page.missed.length, page.statuses.length, page.opened()];
  for (let hour = 0; hour < hours; hour++) {
    const opened = page.opened();
    for (const stepMs of TOKEN_STEPS) {
      const heardAt = page.live.heardAt();
      scenario.instance.advance(stepMs);
      page.live.wake();
      await until(() => page.live.heardAt() > heardAt, REAL_MS);
      // What was heard may have been a push: only a word of our own keeps a silent socket open.
      await page.call('alerts.list', { limit: 1 });
      if (stage.chance() < 0.3) await stage.churn();
    }
    const changing = stage.churn();
    await until(() => page.opened() > opened && page.open() === 1, REAL_MS);
    await changing;
    await stage.converge(`hour ${hour + 1}`);
  }
  page.look(true);
  const seen = page.statuses.slice(states);
  if (seen.length > 0) verdict.wrong.push(`rotating it was ${seen.join(', ')}`);
  if (page.missed.length > caughtUp)
    verdict.wrong.push('rotating it said that it missed something');
  return `${page.opened() - started} rotations in ${hours} h`;
}

/** The device sleeps through the two hours of a connection. */
async function sleepTwoHours({ scenario, page, churn, converge: same }: Stage): Promise<string> {
  const opened = page.opened();
  await churn();
  scenario.instance.advance(125 * MINUTE_MS);
  await churn();
  await until(() => page.opened() > opened, REAL_MS);
  await same('two hours asleep');
  return 'two hours asleep';
}

interface ConnectionRow {
  pk: string;
  sk: string;
  connection_id: string;
}

async function connectionRows({ instance }: Scenario): Promise<ConnectionRow[]> {
  const rows = await scanTable(instance.url, TABLES.live.name);
  return rows.filter((row) => row['connection_id'] !== undefined) as unknown as ConnectionRow[];
}

function routeOf(event: unknown): unknown {
  return (event as { requestContext?: { routeKey?: unknown } }).requestContext?.routeKey;
}
