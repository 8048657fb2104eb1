import * as fc from 'fast-check';

import { detectorContract } from '#shared/testing/detector-contract.ts';

import { ThresholdConfig } from './config.ts';

const settings = { kind: 'threshold', field: 'payload.v', window_seconds: 60 };
const values = fc.oneof(fc.nat(20), fc.double({ noNaN: true, min: -1e6, max: 1e6 }));

for (const change of [
  { aggregate: 'count', field: undefined, threshold: 5 },
  { aggregate: 'distinct', threshold: 8 },
  { aggregate: 'sum', threshold: 100 },
  { aggregate: 'avg', threshold: 4, operator: '<', min_events: 3 },
  { aggregate: 'rate', threshold: 30, per_seconds: 60 },
  { aggregate: 'percentile', percentile: 90, threshold: 15, min_events: 5 },
])
  detectorContract(ThresholdConfig.parse({ ...settings, ...change }), values, 2_000);
