import * as fc from 'fast-check';

import { detectorContract } from '#shared/testing/detector-contract.ts';

detectorContract({ kind: 'match' }, fc.constant(undefined), 60_000);
