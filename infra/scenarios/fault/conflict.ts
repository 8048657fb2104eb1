import { until } from '#infra/scenarios/until.ts';

import { disturbance } from './disturb.ts';

export const conflict = disturbance({
  id: 'F7',
  name: 'conflict',
  what: 'three writes in ten in conflict or throttled, and for a while nearly all',
  repeats: true,
  // A sweep that storage refused is given up; the next one does its work.
  givenUp: ['sentry-sweep-dlq'],
  load: { events: 5_000, matching: 0.06 },
  async disturb(scenario, puts) {
    const { services, mappings } = scenario.instance;
    const { dynamodb } = services;
    const detect = mappings.streams.get('kinesis → detect')!;
    const half = Math.floor(puts.length / 2);
    let refused = 0;
    let turn = 0;
    const next = (ratio: number) => {
      refused += dynamodb.refusedCalls();
      const kind = turn++ % 2 === 0 ? 'transaction_conflict' : 'throttle';
      dynamodb.fault({ kind, ratio, seed: turn });
    };
    next(0.3);
    await scenario.put(puts.slice(0, half), { onProgress: () => next(0.3) });
    await detect.idle();
    // Until the function itself has to give up and ask for its records again.
    dynamodb.fault({ kind: 'transaction_conflict', ratio: 0.9, seed: 1 });
    const { failures } = detect.stats();
    await scenario.put(puts.slice(half));
    await until(() => detect.stats().failures > failures, 60_000);
    next(0.3);
    await detect.idle();
    refused += dynamodb.refusedCalls();
    dynamodb.fault(undefined);
    if (refused <= 10) throw new Error('nothing was refused');
    return { refused_calls: refused };
  },
});
