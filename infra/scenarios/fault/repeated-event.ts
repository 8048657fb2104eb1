import { repeatAndShuffle } from '#infra/scenarios/workload.ts';

import { disturbance } from './disturb.ts';

export const repeatedEvent = disturbance({
  id: 'F2',
  name: 'repeated-event',
  what: 'each event comes one to four times, shuffled within 60 s',
  load: { events: 20_000, matching: 0.02 },
  async disturb(scenario, puts, { seed }) {
    const copies = repeatAndShuffle(puts, seed, 60_000);
    await scenario.put(copies, { batch: 500 });
    return { put: copies.length };
  },
});
