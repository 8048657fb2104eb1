import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { createKinesis } from '#infra/local/kinesis/service.ts';
import type { KinesisService } from '#infra/local/kinesis/service.ts';
import { createInvoker } from '#infra/local/lambda/invoker.ts';
import type { LocalInvoker } from '#infra/local/lambda/invoker.ts';
import { logToDirectory } from '#infra/local/lambda/log.ts';
import type { StreamMapping } from '#infra/topology.ts';

import { openCheckpoints } from './checkpoint.ts';
import type { Checkpoints } from './checkpoint.ts';
import type { Discard } from './discard.ts';
import { createMapping } from './mapping.ts';
import type { EventSourceMapping } from './mapping.ts';

const DG = 'https://docs.aws.amazon.com/lambda/latest/dg';
const MAPPING: StreamMapping = {
  source: { kind: 'kinesis' },
  function: 'detect',
  batchSize: 10,
  batchWindowSeconds: 0,
  parallelizationFactor: 1,
  retries: 3,
  recordAgeMaxSeconds: -1,
  bisect: true,
  reportItemFailures: true,
  onFailure: { kind: 's3', prefix: 'failures/' },
};

let directory: string;
let clock: LocalClock;
let kinesis: KinesisService;
let checkpoints: Checkpoints;
let invoker: LocalInvoker;
let mapping: EventSourceMapping;
let discards: Discard[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mapping-'));
  clock = new LocalClock();
  kinesis = createKinesis({ file: join(directory, 'kinesis.db'), clock });
  checkpoints = openCheckpoints(join(directory, 'checkpoints.db'));
  discards = [];
  invoker = createInvoker({
    environment: { FIXTURE_LOG: join(directory, 'seen') },
    clock,
    log: logToDirectory(directory),
    directory: fileURLToPath(new URL('./fixture', import.meta.url)),
    functions: {
      detect: { folder: 'poison', memoryMb: 512, timeoutSeconds: 1, grants: [], worker: 'stream' },
    },
  });
  await call('CreateStream', { StreamName: 's', ShardCount: 1 });
  mapping = createMapping(MAPPING, {
    source: kinesis.source('s'),
    invoker,
    checkpoints,
    clock,
    onFailure: (discard) => Promise.resolve(void discards.push(discard)),
  });
  mapping.start();
});
afterEach(async () => {
  await mapping.stop();
  await invoker.close();
  await kinesis.close();
  checkpoints.close();
  clock.close();
  rmSync(directory, { recursive: true });
});

async function call(operation: string, input: unknown): Promise<void> {
  await kinesis.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `Kinesis_20131202.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
    region: 'us-east-1',
  });
}

/** Puts the texts in one call, waits for the mapping; what the function then has seen, each once. */
async function run(...texts: string[]): Promise<string[]> {
  const Records = texts.map((text) => ({ PartitionKey: 'k', Data: btoa(text) }));
  await call('PutRecords', { StreamName: 's', Records });
  await mapping.idle();
  const seen = readFileSync(join(directory, 'seen'), 'utf8').trim().split('\n');
  return [...new Set(seen)].filter((line) => !line.startsWith('try '));
}

it(`a worker that dies under a batch is replaced and the batch delivered again (${DG}/services-kinesis-errors.html)`, async () => {
  expect(await run('1', 'exit', '3')).toEqual(['1', 'exit', '3']);
  expect(discards).toEqual([]);
});

it(`a batch that runs into the timeout is delivered again (${DG}/configuration-timeout.html)`, async () => {
  expect(await run('1', 'hang', '3')).toEqual(['1', 'hang', '3']);
  expect(discards).toEqual([]);
});

it(`a record that always throws is isolated, given up and stored; its neighbours are done (${DG}/kinesis-on-failure-destination.html)`, async () => {
  expect(await run('1', 'throw', '3')).toEqual(['1', '3']);
  const payloads = discards.map(
    ({ document }) => JSON.parse(String(document['payload'])) as unknown,
  );
  expect(payloads).toMatchObject([{ Records: [{ kinesis: { data: btoa('throw') } }] }]);
});

it('a worker SIGKILLed again and again loses no record', async () => {
  const texts = Array.from({ length: 300 }, (_, index) => `record-${index}`);
  const done = run(...texts);
  for (let kill = 0; kill < 3; kill += 1) {
    await invoker.whenReady();
    const { stream } = invoker.pids();
    if (stream !== undefined) process.kill(stream, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect((await done).sort()).toEqual(texts.sort());
  expect(discards).toEqual([]);
});
