import { disturbance } from './disturb.ts';
import { stopFunction } from './stop-function.ts';

const HOUR_MS = 3_600_000;
const HOURS = 30;

export const deadConsumer = disturbance({
  id: 'F9',
  name: 'dead-consumer',
  what: 'the detector is gone for 30 hours; every event of that time is detected after, once',
  load: { events: 20_000, matching: 0.02 },
  async disturb(scenario, puts) {
    const { instance } = scenario;
    const bringBack = stopFunction(scenario, 'detect');
    await scenario.put(puts, { batch: 500 });
    for (let hour = 0; hour < HOURS; hour++) {
      instance.advance(HOUR_MS);
      await instance.services.events.idle();
    }
    const { records, discarded } = instance.mappings.streams.get('kinesis → detect')!.stats();
    if (records > 0) throw new Error('a detector that was gone detected something');
    if (discarded > 0) throw new Error(`${discarded} records were given up`);
    bringBack();
    return { hours: HOURS };
  },
});
