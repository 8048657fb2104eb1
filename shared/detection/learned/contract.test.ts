import * as fc from 'fast-check';

import { detectorContract } from '#shared/testing/detector-contract.ts';

import { LearnedConfig } from './config.ts';

const READINGS = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(1, 50, 1e6),
);

detectorContract(LearnedConfig.parse({ kind: 'learned', field: 'payload.ms' }), READINGS, 600_000);
