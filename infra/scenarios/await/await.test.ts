import { expect, it } from 'vitest';

import { enumerateDeaths } from './story.ts';

/** Every seventh here; row F3b of the fault matrix takes them all. */
const STRIDE = 7;

it('the pipeline comes to the same end whichever of its awaits a process dies at', async () => {
  const found = await enumerateDeaths(3, STRIDE);
  expect(found.different).toEqual([]);
  expect(found.deaths.length).toBeGreaterThan(100);
  const kinds = new Set(found.deaths.map(({ where }) => where.replace(/^(before|after) /, '')));
  for (const call of ['work.commit', 'work.getAlert', 'sender.send', 'bus.publish'])
    expect(kinds).toContain(call);
}, 300_000);
