import { enumerateDeaths } from '#infra/scenarios/await/story.ts';

import type { Fault, Verdict } from './fault.ts';

/** Every so-manieth await is died at. */
const STRIDE = { short: 7, long: 1 } as const;

export const everyAwait: Fault = {
  id: 'F3b',
  name: 'every-await',
  what: 'a process dies at every await between an event and its last message, enumerated',
  async run({ size }): Promise<Verdict> {
    const { awaits, deaths, repeated, different } = await enumerateDeaths(0, STRIDE[size]);
    return {
      wrong: different.map(
        ({ index, where, expected, found }) =>
          `await ${index}, ${where}: expected ${expected}, found ${found}`,
      ),
      lost: 0,
      extra: 0,
      doubles: 0,
      repeated,
      figures: { awaits, deaths: deaths.length },
    };
  },
};
