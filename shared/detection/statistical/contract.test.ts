import * as fc from 'fast-check';

import { detectorContract } from '#shared/testing/detector-contract.ts';

import { StatisticalConfig } from './config.ts';

const READINGS = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(1, 50, 1e6),
);

for (const settings of [
  { method: 'ewma' },
  { method: 'holt-winters' },
  { method: 'seasonal' },
  { method: 'robust-z' },
])
  detectorContract(
    StatisticalConfig.parse({ kind: 'statistical', field: 'payload.ms', ...settings }),
    READINGS,
    600_000,
  );
