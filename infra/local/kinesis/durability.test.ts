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
