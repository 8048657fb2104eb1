import type { Instance } from '#infra/local/instance.ts';
import { openScenario } from '#infra/scenarios/harness.ts';
import { signIn } from '#infra/scenarios/person.testing.ts';
import type { Alert } from '#shared/alert/schema.ts';

import { type BenchResult, type Figure, quantile } from './result.ts';
import { openSocket } from './rpc-socket.ts';
import { bareCommits, openWork, STANDING_POLICY, writeStanding } from './standing.ts';

const ALONE = 200;
const AT_ONCE = 1_000;
/** Before what is timed, so that nothing is timed that is compiled for the first time. */
const WARMING = 100;
/** Requests of one socket in a burst; a connection may send 50 a second. */
const PER_SOCKET = 25;
/** How long a push may take to count at all. */
const LATE_MS = 60_000;

const WAYS = ['HTTP', 'socket'] as const;
type Way = (typeof WAYS)[number];
const VERBS = { ack: 'ACK', resolve: 'RESOLVED' } as const;
type Verb = keyof typeof VERBS;

/** Asks for one verb on one alert; resolves when the answer is there, rejects when it was refused. */
type Ask = (verb: Verb, alertId: string) => Promise<unknown>;

interface Seen {
  /** Until the answer, and until the push on another's socket; ms, one for each request. */
  answers: number[];
  pushes: number[];
}

/**
 * Time of acknowledging and resolving, from the request to its answer and to the push on another
 * person's socket, one after the other and 1,000 at once, by HTTP and by socket. The floor is one bare
 * transaction of the same rows, asked for in the same way.
 */
export async function measureAck(log: (line: string) => void, share: number): Promise<BenchResult> {
  const [alone, atOnce] = [ALONE, AT_ONCE].map((count) => Math.max(10, Math.round(count * share)));
  const scenario = await openScenario();
  const { instance } = scenario;
  const { work, close } = openWork(instance.url);
  try {
    await (
      await signIn(instance, 'ada')
    )('POST', '/v1/escalations', STANDING_POLICY);
    const write = (count: number, name: string) =>
      writeStanding(work, count, name, () => Date.now() + 3_600_000);
    const pushed = new Map<string, number>();
    const viewer = await openSocket(instance, 'vera', ({ alert_id, state }) => {
      const key = `${alert_id} ${state}`;
      if (!pushed.has(key)) pushed.set(key, performance.now());
    });
    await viewer.call('subscribe', { topic: 'alerts' });
    const asks = { HTTP: await httpAsk(instance), socket: await socketAsk(instance, atOnce!) };
    const figures: Figure[] = [];
    for (const count of [alone!, atOnce!]) {
      const isBurst = count === atOnce;
      const floors = await bareCommits(work, await write(count, `floor-${count}`), isBurst);
      for (const way of WAYS) {
        const warming = await write(Math.min(WARMING, count), `warm-${way}-${count}`);
        const alerts = await write(count, `${way}-${count}`);
        for (const verb of ['ack', 'resolve'] as const) {
          await run(asks[way], verb, warming, false);
          await instance.idle();
          const started = await run(asks[way], verb, alerts, isBurst);
          const seen = await awaitPushes(started, verb, pushed);
          log(`${verb} by ${way}, ${count} ${isBurst ? 'at once' : 'one by one'}: all seen`);
          figures.push(...figuresOf(way, verb, { count, isBurst }, seen, quantile(floors, 0.5)));
          await instance.idle();
        }
      }
    }
    for (const socket of [viewer, ...asks.socket.sockets]) socket.close();
    return { figures };
  } finally {
    close();
    await scenario.close();
  }
}

interface Started {
  alert_id: string;
  at: number;
  answerMs: number;
}

async function run(
  { ask }: { ask: Ask },
  verb: Verb,
  alerts: readonly Alert[],
  isBurst: boolean,
): Promise<Started[]> {
  const one = async ({ alert_id }: Alert): Promise<Started> => {
    const at = performance.now();
    await ask(verb, alert_id);
    return { alert_id, at, answerMs: performance.now() - at };
  };
  if (isBurst) return Promise.all(alerts.map(one));
  const done: Started[] = [];
  for (const alert of alerts) done.push(await one(alert));
  return done;
}

async function awaitPushes(
  started: readonly Started[],
  verb: Verb,
  pushed: ReadonlyMap<string, number>,
): Promise<Seen> {
  const keyOf = ({ alert_id }: Started) => `${alert_id} ${VERBS[verb]}`;
  const deadline = performance.now() + LATE_MS;
  while (started.some((one) => !pushed.has(keyOf(one)))) {
    if (performance.now() > deadline) throw new Error('some changes never reached the socket');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    answers: started.map(({ answerMs }) => answerMs),
    pushes: started.map((one) => pushed.get(keyOf(one))! - one.at),
  };
}

async function httpAsk(instance: Instance): Promise<{ ask: Ask }> {
  const call = await signIn(instance, 'rosa');
  return {
    async ask(verb, alertId) {
      const { status } = await call('POST', `/v1/alerts/${alertId}/${verb}`, {});
      if (status !== 200) throw new Error(`${verb} was answered with ${status}`);
    },
  };
}

/** As many sockets as a burst needs, asked in turn. */
async function socketAsk(instance: Instance, atOnce: number) {
  const sockets = await Promise.all(
    Array.from({ length: Math.ceil(atOnce / PER_SOCKET) }, () => openSocket(instance, 'rosa')),
  );
  let turn = 0;
  const ask: Ask = (verb, alert_id) =>
    sockets[turn++ % sockets.length]!.call(`alerts.${verb}`, { alert_id });
  return { ask, sockets };
}

function figuresOf(
  way: Way,
  verb: Verb,
  { count, isBurst }: { count: number; isBurst: boolean },
  { answers, pushes }: Seen,
  floorMs: number,
): Figure[] {
  const label = `${verb} by ${way}${isBurst ? `, ${count.toLocaleString('en')} at once` : ''}`;
  const goal = `goal < ${isBurst ? '1,000' : '50'}`;
  const median = quantile(answers, 0.5);
  const floor = `${(median / floorMs).toFixed(1)} × a bare transaction (${floorMs.toFixed(1)} ms)`;
  const figure = (name: string, value: number, note?: string): Figure => ({
    name: `${label} → ${name}`,
    value,
    unit: 'ms',
    ...(note !== undefined && { note }),
  });
  return [
    figure('answer, p50', median, `${goal}; ${floor}`),
    figure('answer, p99', quantile(answers, 0.99)),
    figure('push, p50', quantile(pushes, 0.5)),
    figure('push, p99', quantile(pushes, 0.99)),
  ];
}
