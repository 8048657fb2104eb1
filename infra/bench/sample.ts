import { randomUUID } from 'node:crypto';

import { seededChance } from '#infra/simulator/random.ts';
import { ordinaryEvent } from '#infra/simulator/traffic.ts';

/** Bytes of `count` ordinary events as producers write them: ids, labels, about 600 bytes, none fires a rule. */
export function sampleEvents(count: number, seed: number): Buffer[] {
  const chance = seededChance(seed);
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, () =>
    Buffer.from(
      JSON.stringify({
        event_id: randomUUID(),
        timestamp,
        schema_version: '1',
        ...ordinaryEvent(chance),
        labels: {
          region: chance.pick(['eu-central-1', 'eu-west-1', 'us-east-1']),
          zone: chance.pick(['a', 'b', 'c']),
          version: `1.${Math.floor(chance.between(0, 40))}.0`,
          instance: randomUUID(),
          trace_id: randomUUID(),
          team: chance.pick(['platform', 'storefront', 'finance', 'data']),
          deployment: `deploy-${randomUUID()}`,
        },
      }),
    ),
  );
}
