import type { Scenario } from '#infra/scenarios/harness.ts';
import type { Put } from '#infra/scenarios/workload.ts';

import { disturbance } from './disturb.ts';

const HOUR_MS = 3_600_000;
const HOURS = 30;

/** Hour after hour, with whatever falls due in each. */
async function passHours({ instance }: Scenario, hours: number): Promise<void> {
  const detect = instance.mappings.streams.get('kinesis → detect')!;
  for (let hour = 0; hour < hours; hour++) {
    instance.advance(HOUR_MS);
    await instance.services.events.idle();
    if (hour === 0) await detect.idle();
  }
}

async function putAndPass(scenario: Scenario, puts: readonly Put[]): Promise<void> {
  await scenario.put(puts, { batch: 500 });
  await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
  await passHours(scenario, HOURS);
}

export const deadBus = disturbance({
  id: 'F8',
  name: 'dead-bus',
  what: 'the bus takes nothing for 30 hours, then a part; every alert is announced after, once',
  load: { events: 5_000, matching: 0.06 },
  calm: putAndPass,
  // What the streams gave up after their age limit, the sweep publishes; live views read it anew.
  givenUp: ['sentry-publish-dlq', 'sentry-sweep-dlq', 'sentry-broadcast-dlq'],
  async disturb(scenario, puts, { seed }) {
    const { events } = scenario.instance.services;
    events.fault({ kind: 'fail_entries', ratio: 1, seed });
    await putAndPass(scenario, puts);
    if (scenario.instance.outbox.count() > 0) throw new Error('something got through a dead bus');
    events.fault({ kind: 'fail_entries', ratio: 0.3, seed });
    await passHours(scenario, 1);
    events.fault(undefined);
    return { hours: HOURS };
  },
});
