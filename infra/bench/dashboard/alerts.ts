import { PutRecordCommand } from '@aws-sdk/client-kinesis';

import { STREAM } from '#infra/topology.ts';

import type { Stage } from './stage.ts';

/** Opens `count` alerts of as many hosts and waits until the page shows them. */
export async function openAlerts({ kinesis, page }: Stage, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const payload = { host: `bench-${index}`, mount: '/', value_percent: 97 };
    const record = { source: 'bench', type: 'metric.disk', service: 'bench', payload };
    await kinesis.send(
      new PutRecordCommand({
        StreamName: STREAM.name,
        PartitionKey: `bench-${index}`,
        Data: Buffer.from(JSON.stringify(record)),
      }),
    );
  }
  await page.waitForFunction(
    (wanted) => document.querySelectorAll('[data-alert-id]').length >= wanted,
    count,
  );
}
