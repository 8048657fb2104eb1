import { setImmediate as turn } from 'node:timers/promises';

import type { Scenario } from '#infra/scenarios/harness.ts';
import { until } from '#infra/scenarios/until.ts';

import { disturbance } from './disturb.ts';

const THROTTLED_MS = 60_000;
const STEP_MS = 2_000;
/** Everything that was held up must be done so long after the storage gives way, by the instance's clock. */
const DRAIN_MS = 120_000;

export const throttle = disturbance({
  id: 'F6',
  name: 'throttle',
  what: 'storage refuses every call for 60 s, then every other; the backlog is gone in two minutes',
  repeats: true,
  // A sweep that storage refused is given up; the next one does its work.
  givenUp: ['sentry-sweep-dlq'],
  load: { events: 5_000, matching: 0.06 },
  async disturb(scenario, puts, { seed }) {
    const { instance } = scenario;
    const { dynamodb } = instance.services;
    const detect = instance.mappings.streams.get('kinesis → detect')!;
    const publish = instance.mappings.streams.get('journal → publish')!;
    const isResting = watchRest(scenario);
    /** The clock moves only while nobody works: it counts pauses between tries, not the pace of this machine. */
    const step = async (isOver: () => boolean) => {
      await until(async () => isOver() || (await isResting()), 300_000);
      if (!isOver()) instance.advance(STEP_MS);
    };
    dynamodb.fault({ kind: 'throttle', ratio: 1, seed });
    await scenario.put(puts, { batch: 500 });
    for (let past = 0; past < THROTTLED_MS; past += STEP_MS) await step(() => false);
    const refused = dynamodb.refusedCalls();
    if (detect.stats().records > 0) throw new Error('records were done though nothing was stored');
    dynamodb.fault({ kind: 'throttle', ratio: 0.5, seed });
    const drain = { isOver: false };
    const drained = detect
      .idle()
      .then(() => publish.idle())
      .then(() => (drain.isOver = true));
    const startedAt = instance.clock.offsetMs;
    while (!drain.isOver) await step(() => drain.isOver);
    await drained;
    const movedMs = instance.clock.offsetMs - startedAt;
    const halfRefused = dynamodb.refusedCalls();
    dynamodb.fault(undefined);
    if (movedMs > DRAIN_MS) throw new Error(`it took ${movedMs / 1000} s to drain`);
    return { refused_calls: refused + halfRefused, drained_after_s: movedMs / 1000 };
  },
});

/** Tells whether the functions of the streams rest, so that what they still have to do waits for the clock. */
function watchRest({ instance: { invoker } }: Scenario): () => Promise<boolean> {
  const invoke = invoker.invoke.bind(invoker);
  let running = 0;
  invoker.invoke = async (name, ...rest) => {
    if (name !== 'detect' && name !== 'publish') return invoke(name, ...rest);
    running += 1;
    try {
      return await invoke(name, ...rest);
    } finally {
      running -= 1;
    }
  };
  return async () => {
    if (running > 0) return false;
    // What came back may start what follows at once.
    for (let turns = 0; turns < 5; turns++) await turn();
    return running === 0;
  };
}
