import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch } from '#infra/local/conformance-server.ts';
import { createEventBridge } from '#infra/local/eventbridge/eventbridge.ts';
import { createOutbox } from '#infra/local/outbox/outbox.ts';
import { createS3 } from '#infra/local/s3/s3.ts';
import { createSqs } from '#infra/local/sqs/sqs.ts';
import { createSsm } from '#infra/local/ssm/ssm.ts';

const scratch = makeScratch();
const clock = new LocalClock();
const at = (name: string) => join(scratch.directory, name);
/** The last round whose answers were seen before the kill. */
let last = -1;

/** A process that answers writes to every service, killed in the middle of them. */
beforeAll(async () => {
  const script = join(import.meta.dirname, 'fixture/answer-until-killed.ts');
  const victim = spawn(process.execPath, [script, scratch.directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: victim.stdout })) {
    last = Number(line);
    if (last === 150) victim.kill('SIGKILL');
  }
  if (victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit');
});

afterAll(() => {
  clock.close();
  scratch.remove();
});

describe('what was answered before SIGKILL is there afterwards', () => {
  it('in queues', async () => {
    const sqs = createSqs({ file: at('sqs.sqlite'), clock });
    const messages = await sqs.receive('rounds', { max: 100_000 });
    const bodies = new Set(messages.map((message) => message.body));
    for (let round = 0; round <= last; round++) expect(bodies.has(String(round))).toBe(true);
    await sqs.close();
  });

  it('in buckets, every object whole', async () => {
    const s3 = createS3({ directory: at('s3'), clock });
    for (let round = 0; round <= last; round++) {
      const object = await s3.getObject('rounds', `large/${round}`);
      expect(object?.body.equals(Buffer.alloc(20_000, round % 256))).toBe(true);
    }
    await s3.close();
  });

  it('in the parameter store and the outbox', async () => {
    const ssm = createSsm({ file: at('ssm.sqlite'), clock });
    expect(Number(ssm.getParameter('/round'))).toBeGreaterThanOrEqual(last);
    await ssm.close();
    const outbox = createOutbox({ file: at('outbox.sqlite'), clock });
    expect(outbox.count()).toBeGreaterThan(last);
    await outbox.close();
  });

  it('on the bus: every accepted event still reaches its target', async () => {
    const rounds = new Set<number>();
    const invoker = {
      invoke(_: string, event: unknown) {
        rounds.add((event as { detail: { round: number } }).detail.round);
        return Promise.resolve(null);
      },
    };
    const sqs = createSqs({ file: at('sqs.sqlite'), clock });
    const bridge = createEventBridge({ file: at('events.sqlite'), clock, sqs, invoker });
    await bridge.idle();
    for (let round = 0; round <= last; round++) expect(rounds.has(round)).toBe(true);
    expect(bridge.pendingDeliveries()).toBe(0);
    await bridge.close();
    await sqs.close();
  });
});
