import { detectorLedgerContract } from '#shared/testing/detector-ledger-contract.ts';

import { createMemoryLaneStore } from './memory-lane-store.ts';
import { createMemorySeriesCensusStore } from './memory-series-census-store.ts';

detectorLedgerContract('memory', async () => ({
  lanes: createMemoryLaneStore(),
  census: createMemorySeriesCensusStore(),
}));
