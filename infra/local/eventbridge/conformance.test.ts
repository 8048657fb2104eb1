import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { localArn } from '#infra/local/service.ts';

import { event, startBus } from './fixture.ts';

let bus: Awaited<ReturnType<typeof startBus>>;

beforeAll(async () => {
  bus = await startBus();
});

beforeEach(() => bus.reset());

afterAll(() => bus.close());

describe('Amazon EventBridge API Reference', () => {
  it('PutEvents: a matched event reaches its function in the documented envelope', async () => {
    await bus.rule('envelope');
    const { Entries } = await bus.put(
      event('envelope', { Resources: ['arn:x'], Time: new Date('2026-03-01T10:00:00.700Z') }),
      event('nobody'),
    );
    await bus.bridge.idle();
    expect(bus.invoked).toEqual([
      {
        name: 'envelope',
        event: {
          version: '0',
          id: Entries?.[0]?.EventId,
          'detail-type': 'alert.opened',
          source: 'sentry.alert',
          account: '000000000000',
          time: '2026-03-01T10:00:00Z',
          region: 'us-east-1',
          resources: ['arn:x'],
          detail: { kind: 'envelope' },
        },
      },
    ]);
  });

  it('PutEventsResultEntry: bad entries fail alone inside a 200, in the order of the request', async () => {
    const answered = await bus.put(
      event('fine'),
      event('bad', { Detail: '{"open' }),
      event('bad', { Detail: undefined }),
      event('bad', { Source: 'aws.ec2' }),
      event('bad', { EventBusName: 'nowhere' }),
    );
    expect(answered.FailedEntryCount).toBe(4);
    expect(answered.Entries?.map((entry) => entry.ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
  });

  it('PutEvents: more than 10 entries or 1 MB in one request is refused whole', async () => {
    const eleven = Array.from({ length: 11 }, () => event('many'));
    await expect(bus.put(...eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    const big = event('big', { Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) });
    expect((await bus.put(big)).FailedEntryCount).toBe(0);
    await expect(bus.put(big, big)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('PutRule, PutTargets and their readers: what was put is described', async () => {
    await bus.rule('described', { RetryPolicy: { MaximumRetryAttempts: 3 } });
    const at = { EventBusName: 'sentry' };
    const found = await bus.client.send(new DescribeRuleCommand({ Name: 'described', ...at }));
    expect(found).toMatchObject({
      State: 'ENABLED',
      Arn: expect.stringMatching(/:rule\/sentry\/described$/),
    });
    const { Targets } = await bus.client.send(
      new ListTargetsByRuleCommand({ Rule: 'described', ...at }),
    );
    expect(Targets?.[0]).toMatchObject({ Id: 't', RetryPolicy: { MaximumRetryAttempts: 3 } });
    const { Rules } = await bus.client.send(new ListRulesCommand({ NamePrefix: 'desc', ...at }));
    expect(Rules?.map((one) => one.Name)).toEqual(['described']);
    const described = await bus.client.send(new DescribeEventBusCommand({ Name: 'sentry' }));
    expect(described.Arn).toBe(localArn('events', 'event-bus/sentry'));
    const { EventBuses } = await bus.client.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map((one) => one.Name)).toEqual(['default', 'sentry']);
  });

  it('DeleteRule: only without targets; DisableRule and RemoveTargets stop deliveries', async () => {
    await bus.rule('stopped');
    const at = { EventBusName: 'sentry' };
    const drop = new DeleteRuleCommand({ Name: 'stopped', ...at });
    await expect(bus.client.send(drop)).rejects.toMatchObject({ name: 'ValidationException' });
    await bus.client.send(new DisableRuleCommand({ Name: 'stopped', ...at }));
    await bus.put(event('stopped'));
    await bus.bridge.idle();
    expect(bus.invoked).toEqual([]);
    const removed = await bus.client.send(
      new RemoveTargetsCommand({ Rule: 'stopped', Ids: ['t', 'u'], ...at }),
    );
    expect(removed.FailedEntries).toMatchObject([{ TargetId: 'u' }]);
    await bus.client.send(new DeleteRuleCommand({ Name: 'stopped', ...at }));
    await expect(
      bus.client.send(new DescribeRuleCommand({ Name: 'stopped', ...at })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('TestEventPattern: answers, and refuses a pattern that is none', async () => {
    const Event = JSON.stringify({ id: '1', source: 'a', detail: { n: 5 } });
    const test = (pattern: unknown) =>
      bus.client.send(
        new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }),
      );
    expect((await test({ detail: { n: [{ numeric: ['>', 4] }] } })).Result).toBe(true);
    expect((await test({ source: ['b'] })).Result).toBe(false);
    await expect(test({ source: 'not a list' })).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
  });
});

it('the fault switch refuses the same entries for the same seed, and none once healed', async () => {
  const fates = async () => {
    bus.bridge.fault({ kind: 'fail_entries', ratio: 0.5, seed: 7 });
    const { Entries } = await bus.put(...Array.from({ length: 10 }, () => event('chaos')));
    return Entries?.map((entry) => entry.ErrorCode);
  };
  const first = await fates();
  expect(await fates()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([undefined, 'InternalFailure']));
  bus.bridge.fault(undefined);
  expect((await bus.put(event('chaos'))).FailedEntryCount).toBe(0);
});
