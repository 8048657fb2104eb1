import { disturbance } from './disturb.ts';

/** Of ten calls, three meet a stream that refuses records. */
const CALLS_REFUSED = 3;

export const partialPut = disturbance({
  id: 'F1',
  name: 'partial-put',
  what: 'three PutRecords in ten refuse a part of their records',
  load: { events: 20_000, matching: 0.02 },
  async disturb(scenario, puts, { seed }) {
    let calls = 0;
    const { kinesis } = scenario.instance.services;
    const { partial } = await scenario.put(puts, {
      batch: 100,
      onProgress: () => kinesis.failPutRecords(++calls % 10 < CALLS_REFUSED ? 0.3 : 0, seed),
    });
    kinesis.failPutRecords(0, 0);
    if (partial <= 3) throw new Error('no call was refused in part');
    return { calls, refused_in_part: partial };
  },
});
