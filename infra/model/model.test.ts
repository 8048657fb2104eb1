import { expect, it } from 'vitest';

import { checkModel, describeModel } from './check-model.ts';

it('holds in every interleaving of every small world, with up to one crash', async () => {
  const report = await checkModel({ crashes: 1 });
  console.log(describeModel(report));
  expect(report.settings.flatMap(({ breach }) => breach ?? [])).toEqual([]);
  expect(report.holds).toBe(true);
  expect(report.states).toBeGreaterThan(50_000);
}, 300_000);
