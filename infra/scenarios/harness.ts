import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startInstance, type Instance, type InstanceOptions } from '#infra/local/instance.ts';

import { type ProducerOptions, putAll, type PutReport, type RawPut } from './producer.ts';
import { writeRules } from './rules.ts';
import { countOwed, countUnpublished, takeSnapshot, type Snapshot } from './snapshot.ts';
import type { Put } from './workload.ts';

/** Longer than a lease, an outbox row's youth and the sweep's minute. */
const STEP_MS = 61_000;
/** The archive gathers for 5 s; nobody here waits for that. */
const WINDOW_MS = 6_000;

/** A whole instance with rules, to put events into and to break. */
export interface Scenario {
  instance: Instance;
  put(puts: readonly (Put | RawPut)[], options?: ProducerOptions): Promise<PutReport>;
  /** Resolves once nothing is left to do anywhere; tells how many minutes the clock had to be moved. */
  settle(deadlineMs?: number): Promise<{ minutes: number }>;
  snapshot(): Promise<Snapshot>;
  /** What the workers have printed. */
  log(): string;
  /** Kills a worker with SIGKILL, at once; false while it is not there. */
  kill(worker: 'stream' | 'request'): boolean;
  close(): Promise<void>;
}

export interface ScenarioOptions extends Partial<InstanceOptions> {
  tenants?: readonly string[];
  /** Further rules of each tenant. */
  rules?: readonly object[];
  /** Waits for nothing before it is called; for instances taken over from another process. */
  seeded?: boolean;
}

/** Starts an instance in a home of its own, with the shipped rules and those of the scenarios. */
export async function openScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const { tenants = ['default'], rules = [], seeded = false, ...rest } = options;
  const home = rest.home ?? mkdtempSync(join(tmpdir(), 'sentry-scenario-'));
  const instance = await startInstance({ port: 0, ...rest, home });
  if (!seeded) await writeRules(instance.url, tenants, rules);
  const { url } = instance;
  return {
    instance,
    put: (puts, producer) => putAll(url, puts, producer),
    settle: (deadlineMs) => settle(instance, deadlineMs),
    snapshot: () => takeSnapshot(instance),
    log: () => readLog(home),
    kill(worker) {
      const pid = instance.invoker.pids()[worker];
      return pid !== undefined && process.kill(pid, 'SIGKILL');
    },
    async close() {
      await instance.stop();
      if (rest.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Lets streams, bus and notifiers work until nothing is left. What waits for a later time (a retry, a
 * lease of a dead worker, the sweep) is reached by moving the clock, a minute at a time. Throws with
 * what was still open when `deadlineMs` of real time have passed.
 */
export async function settle(
  instance: Instance,
  deadlineMs = 60_000,
): Promise<{ minutes: number }> {
  const givenUpAt = performance.now() + deadlineMs;
  let minutes = 0;
  for (;;) {
    await before(givenUpAt, worked(instance), () => instance.mappings.stats());
    const left = {
      owed: await countOwed(instance.url),
      unpublished: await countUnpublished(instance.url),
      bus: instance.services.events.pendingDeliveries(),
    };
    if (left.owed + left.unpublished + left.bus === 0) {
      instance.advance(WINDOW_MS);
      await before(givenUpAt, instance.idle(), () => instance.mappings.stats());
      return { minutes };
    }
    if (performance.now() > givenUpAt) throw new Error(`not settled: ${JSON.stringify(left)}`);
    // A hint may have begun something meanwhile: a clock that jumps over a lease would have it done twice.
    if (!(await isIdleNow(instance))) continue;
    instance.advance(STEP_MS);
    minutes++;
  }
}

/** Whether the bus delivers nothing at this moment. */
async function isIdleNow({ services }: Instance): Promise<boolean> {
  const idle = services.events.idle().then(() => true);
  return Promise.race([idle, new Promise<boolean>((r) => setImmediate(() => r(false)))]);
}

/** Detection, publishing and the bus; not the archive, whose window is real time. */
export async function worked({ mappings, services, invoker }: Instance): Promise<void> {
  await invoker.whenReady();
  for (const round of [1, 2]) {
    for (const [name, mapping] of mappings.streams)
      if (!name.endsWith('archive')) await mapping.idle();
    await services.events.idle();
    if (round === 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function before<T>(givenUpAt: number, work: Promise<T>, state: () => unknown): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not settled: ${JSON.stringify(state())}`)),
      Math.max(givenUpAt - performance.now(), 0),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function readLog(home: string): string {
  const directory = join(home, 'log');
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('');
}
