import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch } from '#infra/local/conformance-server.ts';
import { InvocationError } from '#infra/local/service.ts';

import { createQueueMapping } from './mapping.ts';
import { createSqs } from './sqs.ts';
import type { Sqs } from './sqs.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let sqs: Sqs;

interface Event {
  Records: { messageId: string; body: string; attributes: Record<string, string> }[];
}

beforeAll(() => {
  sqs = createSqs({ file: join(scratch.directory, 'sqs.sqlite'), clock });
});

afterAll(async () => {
  await sqs.close();
  clock.close();
  scratch.remove();
});

/** Runs a mapping over `queue`; `next()` gives the next event the function is handed. */
function start(queue: string, respond: (event: Event, turn: number) => unknown) {
  const events: Event[] = [];
  const waiting: ((event: Event) => void)[] = [];
  let turn = 0;
  const invoker = {
    invoke(_: string, given: unknown) {
      const event = given as Event;
      const taker = waiting.shift();
      if (taker) taker(event);
      else events.push(event);
      return Promise.resolve().then(() => respond(event, turn++));
    },
  };
  const settings = { queue, functionName: 'escalate', batchSize: 10, reportItemFailures: true };
  const mapping = createQueueMapping(settings, { sqs, invoker, clock });
  const next = (): Promise<Event> => {
    const event = events.shift();
    return event ? Promise.resolve(event) : new Promise((resolve) => void waiting.push(resolve));
  };
  return { mapping, next };
}

describe('AWS Lambda Developer Guide, SQS event source', () => {
  it('hands over the documented record and deletes the messages of a success', async () => {
    sqs.createQueue('success');
    const { mapping, next } = start('success', () => null);
    const [id] = sqs.send('success', [
      { body: 'due', attributes: { kind: { DataType: 'String', StringValue: 'delivery' } } },
    ]);
    const event = await next();
    expect(event.Records[0]).toMatchObject({
      messageId: id,
      body: 'due',
      attributes: { ApproximateReceiveCount: '1', SenderId: '000000000000' },
      messageAttributes: { kind: { stringValue: 'delivery', dataType: 'String' } },
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:success',
      awsRegion: 'us-east-1',
    });
    await mapping.close();
    expect(sqs.depth('success')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('partial batch responses: only the reported messages come back after their visibility timeout', async () => {
    sqs.createQueue('partial', { VisibilityTimeout: '60' });
    sqs.send('partial', [{ body: 'good' }, { body: 'bad' }]);
    const failing = (event: Event, turn: number) => ({
      batchItemFailures:
        turn === 0
          ? event.Records.filter((record) => record.body === 'bad').map((record) => ({
              itemIdentifier: record.messageId,
            }))
          : [],
    });
    const { mapping, next } = start('partial', failing);
    expect((await next()).Records).toHaveLength(2);
    await expect.poll(() => sqs.depth('partial')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    clock.advance(60_000);
    const again = await next();
    expect(again.Records.map((record) => record.body)).toEqual(['bad']);
    expect(again.Records[0]?.attributes['ApproximateReceiveCount']).toBe('2');
    await mapping.close();
    expect(sqs.depth('partial').inFlight).toBe(0);
  });

  it.each([
    ['a function error', () => Promise.reject(new InvocationError('handled', 'no'))],
    ['an unknown item identifier', () => ({ batchItemFailures: [{ itemIdentifier: 'nobody' }] })],
    ['an empty item identifier', () => ({ batchItemFailures: [{ itemIdentifier: '' }] })],
  ])(
    '%s fails the whole batch, which goes to the dead-letter queue in the end',
    async (name, respond) => {
      const queue = `whole-${name.replaceAll(' ', '-')}`;
      sqs.createQueue(`${queue}-dlq`);
      const target = `arn:aws:sqs:us-east-1:000000000000:${queue}-dlq`;
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: 2 });
      sqs.createQueue(queue, { RedrivePolicy, VisibilityTimeout: '60' });
      sqs.send(queue, [{ body: '1' }, { body: '2' }]);
      const { mapping, next } = start(queue, respond);
      for (let turn = 0; turn < 2; turn++) {
        expect((await next()).Records).toHaveLength(2);
        await expect.poll(() => sqs.depth(queue).inFlight).toBe(2);
        clock.advance(60_000);
      }
      await expect.poll(() => sqs.depth(`${queue}-dlq`).visible).toBe(2);
      await mapping.close();
    },
  );
});
