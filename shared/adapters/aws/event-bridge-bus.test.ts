import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Envelope } from '#shared/audit/schema.ts';
import { ENVELOPE_BYTES_MAX } from '#shared/outbox/fit-envelope.ts';
import { buildOutbox } from '#shared/testing/build-alert.ts';

import { createEventBridgeBus } from './event-bridge-bus.ts';

const aws = mockClient(EventBridgeClient);
const bus = createEventBridgeBus(new EventBridgeClient({ region: 'us-east-1' }), 'sentry');
const envelope = (id: string, payload: Record<string, unknown> = {}): Envelope => ({
  ...buildOutbox().envelope,
  id,
  payload: { ...buildOutbox().envelope.payload, ...payload },
});
const many = (count: number) => Array.from({ length: count }, (_, i) => envelope(`e${i}`));
const calls = () => aws.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries!);

beforeEach(() => {
  aws.reset();
  aws.on(PutEventsCommand).callsFake(({ Entries }: { Entries: unknown[] }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map((_, i) => ({ EventId: `id-${i}` })),
  }));
});

describe('the EventBridge bus', () => {
  it('writes source, type, detail and the alert as the resource', async () => {
    expect(await bus.publish([envelope('e1')])).toEqual([{ ok: true }]);
    expect(calls()).toEqual([
      [
        {
          EventBusName: 'sentry',
          Source: 'sentry.alert',
          DetailType: 'alert.opened',
          Detail: JSON.stringify(envelope('e1')),
          Resources: ['a'],
          Time: new Date(envelope('e1').timestamp * 1000),
        },
      ],
    ]);
  });

  it('puts at most ten entries and 256 KiB into one call, in order', async () => {
    expect(await bus.publish(many(23))).toHaveLength(23);
    expect(calls().map((entries) => entries.length)).toEqual([10, 10, 3]);
    aws.resetHistory();
    const text = 'ü'.repeat(50 * 1024);
    await bus.publish(['a', 'b', 'c', 'd', 'e'].map((id) => envelope(id, { text })));
    expect(calls().map((entries) => entries.length)).toEqual([2, 2, 1]);
    for (const entries of calls())
      expect(Buffer.byteLength(entries.map(({ Detail }) => Detail).join(''))).toBeLessThan(262_144);
  });

  it('can carry the largest envelope there is', async () => {
    const overhead = JSON.stringify(envelope('e', { text: '' })).length;
    await bus.publish([envelope('e', { text: 'x'.repeat(ENVELOPE_BYTES_MAX - overhead) })]);
    expect(calls()[0]![0]!.Detail!.length).toBe(ENVELOPE_BYTES_MAX);
  });

  /** Refuses entries for which `isRefused` says so, at the n-th call from 1 on. */
  function refuse(isRefused: (id: string, call: number) => boolean) {
    let call = 0;
    aws.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => {
      call += 1;
      return {
        Entries: Entries.map(({ Detail }) =>
          isRefused((JSON.parse(Detail) as Envelope).id, call)
            ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }
            : { EventId: 'id' },
        ),
      };
    });
  }

  it('answers for each entry, because a partial failure comes inside a 200', async () => {
    refuse((id) => id === 'e1');
    expect(await bus.publish(many(3))).toEqual([
      { ok: true },
      { ok: false, error: 'ThrottlingException slow down' },
      { ok: true },
    ]);
  });

  it('puts what was refused again, and only that', async () => {
    refuse((id, call) => call === 1 && id !== 'e1');
    expect((await bus.publish(many(3))).every(({ ok }) => ok)).toBe(true);
    const ids = calls().map((entries) =>
      entries.map(({ Detail }) => (JSON.parse(Detail!) as Envelope).id),
    );
    expect(ids).toEqual([
      ['e0', 'e1', 'e2'],
      ['e0', 'e2'],
    ]);
  });

  it('takes a missing answer for a failure', async () => {
    aws.on(PutEventsCommand).resolves({ Entries: [{}] });
    expect((await bus.publish(many(3))).map(({ ok }) => ok)).toEqual([false, false, false]);
  });

  it('fails only the entries of the call that failed', async () => {
    aws
      .on(PutEventsCommand)
      .rejectsOnce(Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }))
      .callsFake(({ Entries }: { Entries: unknown[] }) => ({
        Entries: Entries.map(() => ({ EventId: 'id' })),
      }));
    const results = await bus.publish(many(12));
    expect(results.filter(({ ok }) => ok)).toHaveLength(2);
    expect(results[0]).toEqual({ ok: false, error: 'TimeoutError: socket hang up' });
  });
});
