import { expect, it } from 'vitest';

import { Pace } from './pace.ts';

it('lets the first through, and all who come within an interval together at its end', async () => {
  let now = 0;
  const sleeps: { ms: number; wake: () => void }[] = [];
  const pace = new Pace(
    250,
    () => now,
    (ms) => new Promise((wake) => sleeps.push({ ms, wake })),
  );
  await pace.wait();
  now = 100;
  const gone: string[] = [];
  const waiting = ['a', 'b', 'c'].map((name) => pace.wait().then(() => gone.push(name)));
  expect(sleeps.map(({ ms }) => ms)).toEqual([150]);
  now = 250;
  sleeps[0]!.wake();
  await Promise.all(waiting);
  expect(gone).toEqual(['a', 'b', 'c']);
  now = 260;
  void pace.wait();
  expect(sleeps.map(({ ms }) => ms)).toEqual([150, 240]);
});
