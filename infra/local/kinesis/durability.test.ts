import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';

import { createKinesis } from './service.ts';
import type { KinesisService } from './service.ts';

const WRITER = fileURLToPath(new URL('./fixture/put-forever.ts', import.meta.url));
const KILLS = 4;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kinesis-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the writer until it has answered `count` records, then SIGKILLs it; all it answered. */
async function writeAndKill(file: string, round: number, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, file, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(line);
    if (answered.length === count) child.kill('SIGKILL');
  }
  return answered;
}

it('keeps every answered record, in order, however often the process is SIGKILLed', async () => {
  const file = join(directory, 'kinesis.db');
  const answered: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    answered.push(...(await writeAndKill(file, round, randomInt(50, 3000))));
  }

  const clock = new LocalClock();
  const kinesis = createKinesis({ file, clock });
  const source = kinesis.source('durable');
  const kept = new Map<string, string>();
  for (const shardId of source.shardIds()) {
    let last: string | undefined;
    for (;;) {
      const records = source.read(shardId, last, 1000);
      if (records.length === 0) break;
      for (const record of records) {
        expect(last === undefined || record.sequenceNumber > last).toBe(true);
        last = record.sequenceNumber;
        kept.set(record.sequenceNumber, record.partitionKey);
      }
    }
  }
  await kinesis.close();
  clock.close();

  expect(answered.length).toBeGreaterThan(200);
  const lost = answered.filter((line) => {
    const [sequenceNumber = '', key] = line.split(' ');
    return kept.get(sequenceNumber) !== key;
  });
  expect(lost).toEqual([]);
});

it('gives out higher sequence numbers after a restart, even when every record was trimmed', async () => {
  const file = join(directory, 'kinesis.db');
  const clock = new LocalClock();
  const numbers: string[] = [];
  for (let start = 0; start < 3; start += 1) {
    const kinesis = createKinesis({ file, clock });
    await call(kinesis, 'CreateStream', { StreamName: 's', ShardCount: 1 });
    const put = { StreamName: 's', PartitionKey: 'k', Data: 'eA==' };
    const { SequenceNumber } = await call(kinesis, 'PutRecord', put);
    numbers.push(String(SequenceNumber));
    if (start === 1) clock.advance(25 * 3_600_000);
    const kept = kinesis.source('s').read('shardId-000000000000', undefined, 10);
    expect(kept).toHaveLength(start === 1 ? 0 : 1);
    await kinesis.close();
  }
  clock.close();
  expect(numbers.map(BigInt)).toEqual(
    numbers.map(BigInt).sort((a, b) => (a < b ? -1 : Number(a > b))),
  );
  expect(new Set(numbers).size).toBe(3);
});

async function call(
  kinesis: KinesisService,
  operation: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const { body } = await kinesis.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `Kinesis_20131202.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
    region: 'us-east-1',
  });
  return JSON.parse(String(body)) as Record<string, unknown>;
}
