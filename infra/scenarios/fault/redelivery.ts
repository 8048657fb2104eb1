import { compareRuns, runRedelivery } from '#infra/scenarios/redelivery.ts';

import type { Fault, Verdict } from './fault.ts';

const EVENTS = { short: 5_000, long: 200_000 } as const;

export const redelivery: Fault = {
  id: 'F2',
  name: 'redelivery',
  what: 'every batch three times and more, or refused in the middle: not a byte of any row differs',
  async run({ seed, size, say, scale = 1 }): Promise<Verdict> {
    const options = { events: Math.round(EVENTS[size] * scale), seed };
    const clean = await runRedelivery({ ...options, manner: 'clean' });
    const wrong: string[] = [];
    const figures: Record<string, number> = { events: options.events, counted: clean.counted };
    for (const manner of ['redelivered', 'refused'] as const) {
      const other = await runRedelivery({ ...options, manner });
      const differing = compareRuns(clean, other).map((row) => `${manner}: ${row} differs`);
      wrong.push(...differing);
      figures[`${manner}_batches`] = other.deliveries_of_batches;
      say(`${manner}: ${differing.length} rows differ`);
    }
    return { wrong, lost: 0, extra: 0, doubles: 0, repeated: 0, figures };
  },
};
