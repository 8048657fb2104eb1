import { expect, it } from 'vitest';

import type { Connection } from '#shared/ports/live-store.ts';

import { Audience } from './audience.ts';

const connections = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ connection_id: `c${n}` }) as Connection);

it('asks anew who watches the feed while few do, and once a second at most while many do', async () => {
  const audience = new Audience();
  let reads = 0;
  const read = (at: number, count: number) =>
    audience.recent('t1', at, () => {
      reads++;
      return Promise.resolve(connections(count));
    });
  await read(0, 0);
  expect(await read(0, 1)).toHaveLength(1);
  await read(9, 2);
  expect(reads).toBe(2);
  expect(await read(10, 500)).toHaveLength(500);
  await read(1_009, 500);
  expect(reads).toBe(3);
  await read(1_010, 500);
  expect(reads).toBe(4);
});

it('lists no tenant’s connections to another', async () => {
  const audience = new Audience();
  await audience.recent('t1', 0, () => Promise.resolve(connections(100)));
  expect(await audience.recent('t2', 0, () => Promise.resolve([]))).toEqual([]);
});
