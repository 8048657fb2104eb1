import * as fc from 'fast-check';

import { detectorContract } from '#shared/testing/detector-contract.ts';

import { AbsenceConfig } from './absence.ts';

detectorContract(
  AbsenceConfig.parse({ kind: 'absence', window_seconds: 300 }),
  fc.constant(undefined),
  600_000,
);
