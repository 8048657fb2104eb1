import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KinesisClient } from '@aws-sdk/client-kinesis';

import { type Instance, startInstance } from '#infra/local/instance.ts';
import { seedDefaults } from '#infra/seed.ts';

/** Runs something against a seeded instance of its own that is thrown away afterwards. */
export async function withInstance<Result>(
  run: (instance: Instance, kinesis: KinesisClient) => Promise<Result>,
): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'sentry-bench-'));
  const instance = await startInstance({ port: 0, home });
  const kinesis = new KinesisClient({
    endpoint: instance.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    await seedDefaults(instance);
    return await run(instance, kinesis);
  } finally {
    kinesis.destroy();
    await instance.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
