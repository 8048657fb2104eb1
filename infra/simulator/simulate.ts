import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { KinesisClient } from '@aws-sdk/client-kinesis';

import { createKinesisEventStream } from '#shared/adapters/aws/kinesis-event-stream.ts';

import { type Fault, FAULTS } from './fault.ts';
import { seededChance } from './random.ts';
import { ordinaryEvent, type SimulatedEvent } from './traffic.ts';

export interface SimulateOptions {
  stream: string;
  /** Ordinary events a second. */
  rate: number;
  /** Seconds until it stops by itself; undefined = until aborted. */
  durationSeconds?: number;
  /** Seconds between two injected faults; 0 = none. */
  faultEverySeconds: number;
  seed: number;
  signal: AbortSignal;
  /** Told of every fault as it begins, and of puts that failed. */
  log(line: string): void;
}

const TICK_MS = 250;
const FIRST_FAULT_MS = 2_000;
/** After the opening faults the demo calms down. */
const OPENING_FAULTS = 4;
const OPENING_GAP_MS = 9_000;

/** Puts believable traffic with injected faults on the stream until it is told to stop. */
export async function simulate(
  options: SimulateOptions,
): Promise<{ sent: number; failed: number }> {
  const chance = seededChance(options.seed);
  const stream = createKinesisEventStream(
    new KinesisClient({ maxAttempts: 3 }),
    options.stream,
    sleep,
  );
  const started = Date.now();
  const totals = { sent: 0, failed: 0 };
  const planned: { at: number; event: SimulatedEvent }[] = [];
  let nextFaultAt = started + FIRST_FAULT_MS;
  let faults = 0;
  let owed = 0;
  while (!options.signal.aborted) {
    const now = Date.now();
    if (options.durationSeconds !== undefined && now - started > options.durationSeconds * 1000)
      break;
    if (options.faultEverySeconds > 0 && now >= nextFaultAt) {
      const fault = FAULTS[faults++ % FAULTS.length]!;
      options.log(`fault: ${fault.name} (rule ${fault.rule_id})`);
      planned.push(...schedule(fault, now, chance));
      nextFaultAt =
        now + (faults < OPENING_FAULTS ? OPENING_GAP_MS : options.faultEverySeconds * 1000);
    }
    owed += (options.rate * TICK_MS) / 1000;
    const events = planned.filter(({ at }) => at <= now).map(({ event }) => event);
    for (; owed >= 1; owed--) events.push(ordinaryEvent(chance));
    planned.splice(0, planned.length, ...planned.filter(({ at }) => at > now));
    await put(events, now);
    await sleep(Math.max(0, now + TICK_MS - Date.now()), undefined, {
      signal: options.signal,
    }).catch(() => undefined);
  }
  return totals;

  async function put(events: readonly SimulatedEvent[], now: number): Promise<void> {
    if (events.length === 0) return;
    const records = events.map((event) => ({
      partition_key: event.service,
      data: Buffer.from(
        JSON.stringify({
          event_id: randomUUID(),
          timestamp: new Date(now).toISOString(),
          ...event,
        }),
      ),
    }));
    try {
      const outcomes = await stream.put(records);
      const failed = outcomes.filter(({ kind }) => kind === 'failed').length;
      totals.failed += failed;
      totals.sent += outcomes.length - failed;
    } catch (error) {
      totals.failed += events.length;
      options.log(`${events.length} events not taken: ${(error as Error).message}`);
      await sleep(1_000, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}

function schedule(fault: Fault, from: number, chance: ReturnType<typeof seededChance>) {
  return fault.events(chance).map((event, at) => ({ at: from + at * fault.pace_ms, event }));
}
