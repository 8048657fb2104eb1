import { join } from 'node:path';

import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry, Target } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';
import { InvocationError, localArn } from '#infra/local/service.ts';
import { createSqs } from '#infra/local/sqs/sqs.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';

import { createEventBridge } from './eventbridge.ts';
import type { EventBridge } from './eventbridge.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let sqs: Sqs;
let bridge: EventBridge;
let server: ConformanceServer;
let client: EventBridgeClient;

/** What functions were handed, and how they shall answer. */
let invoked: { name: string; event: Record<string, unknown> }[] = [];
let answer: () => Promise<unknown> = () => Promise.resolve(null);

beforeAll(async () => {
  sqs = createSqs({ file: join(scratch.directory, 'sqs.sqlite'), clock });
  const invoker = {
    invoke(name: string, event: unknown) {
      invoked.push({ name, event: event as Record<string, unknown> });
      return answer();
    },
  };
  bridge = createEventBridge({
    file: join(scratch.directory, 'events.sqlite'),
    clock,
    sqs,
    invoker,
    random: () => 0,
  });
  server = await startConformanceServer((request) => bridge.handle(request));
  client = new EventBridgeClient(server.client);
  await client.send(new CreateEventBusCommand({ Name: 'sentry' }));
  sqs.createQueue('dead');
});

beforeEach(() => {
  invoked = [];
  answer = () => Promise.resolve(null);
});

afterAll(async () => {
  client.destroy();
  await server.close();
  await bridge.close();
  await sqs.close();
  clock.close();
  scratch.remove();
});

const event = (kind: string, more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  Source: 'sentry.alert',
  DetailType: 'alert.opened',
  EventBusName: 'sentry',
  Detail: JSON.stringify({ kind }),
  ...more,
});

const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

async function rule(kind: string, target: Partial<Target>): Promise<void> {
  const EventPattern = JSON.stringify({
    source: [{ prefix: 'sentry.' }],
    detail: { kind: [kind] },
  });
  const EventBusName = 'sentry';
  await client.send(new PutRuleCommand({ Name: kind, EventBusName, EventPattern }));
  const Arn = localArn('lambda', `function:${kind}`);
  const Targets = [{ Id: 't', Arn, ...target }];
  await client.send(new PutTargetsCommand({ Rule: kind, EventBusName, Targets }));
}

describe('Amazon EventBridge API Reference', () => {
  it('PutEvents: a matched event reaches its function in the documented envelope', async () => {
    await rule('envelope', {});
    const { Entries } = await put(
      event('envelope', { Resources: ['arn:x'], Time: new Date('2026-03-01T10:00:00.700Z') }),
      event('nobody'),
    );
    await bridge.idle();
    expect(invoked).toEqual([
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
    const answered = await put(
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
    await expect(put(...eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    const big = event('big', { Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) });
    expect((await put(big)).FailedEntryCount).toBe(0);
    await expect(put(big, big)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('PutRule, PutTargets and their readers: what was put is described', async () => {
    await rule('described', { RetryPolicy: { MaximumRetryAttempts: 3 } });
    const at = { EventBusName: 'sentry' };
    const found = await client.send(new DescribeRuleCommand({ Name: 'described', ...at }));
    expect(found).toMatchObject({
      State: 'ENABLED',
      Arn: expect.stringMatching(/:rule\/sentry\/described$/),
    });
    const { Targets } = await client.send(
      new ListTargetsByRuleCommand({ Rule: 'described', ...at }),
    );
    expect(Targets?.[0]).toMatchObject({ Id: 't', RetryPolicy: { MaximumRetryAttempts: 3 } });
    const { Rules } = await client.send(new ListRulesCommand({ NamePrefix: 'desc', ...at }));
    expect(Rules?.map((one) => one.Name)).toEqual(['described']);
    const bus = await client.send(new DescribeEventBusCommand({ Name: 'sentry' }));
    expect(bus.Arn).toBe(localArn('events', 'event-bus/sentry'));
    const { EventBuses } = await client.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map((one) => one.Name)).toEqual(['default', 'sentry']);
  });

  it('DeleteRule: only without targets; DisableRule and RemoveTargets stop deliveries', async () => {
    await rule('stopped', {});
    const at = { EventBusName: 'sentry' };
    const drop = new DeleteRuleCommand({ Name: 'stopped', ...at });
    await expect(client.send(drop)).rejects.toMatchObject({ name: 'ValidationException' });
    await client.send(new DisableRuleCommand({ Name: 'stopped', ...at }));
    await put(event('stopped'));
    await bridge.idle();
    expect(invoked).toEqual([]);
    const removed = await client.send(
      new RemoveTargetsCommand({ Rule: 'stopped', Ids: ['t', 'u'], ...at }),
    );
    expect(removed.FailedEntries).toMatchObject([{ TargetId: 'u' }]);
    await client.send(new DeleteRuleCommand({ Name: 'stopped', ...at }));
    await expect(
      client.send(new DescribeRuleCommand({ Name: 'stopped', ...at })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('TestEventPattern: answers, and refuses a pattern that is none', async () => {
    const Event = JSON.stringify({ id: '1', source: 'a', detail: { n: 5 } });
    const test = (pattern: unknown) =>
      client.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }));
    expect((await test({ detail: { n: [{ numeric: ['>', 4] }] } })).Result).toBe(true);
    expect((await test({ source: ['b'] })).Result).toBe(false);
    await expect(test({ source: 'not a list' })).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
  });
});

describe('EventBridge User Guide', () => {
  it('How EventBridge retries delivering events: a failed target is tried again until it takes the event', async () => {
    await rule('flaky', {});
    let failures = 2;
    answer = () =>
      failures-- > 0 ? Promise.reject(new InvocationError('handled', 'no')) : Promise.resolve(null);
    await put(event('flaky'));
    await bridge.idle();
    expect([invoked.length, bridge.pendingDeliveries()]).toEqual([1, 1]);
    clock.advance(60_000);
    await bridge.idle();
    clock.advance(60_000);
    await bridge.idle();
    expect([invoked.length, bridge.pendingDeliveries()]).toEqual([3, 0]);
    expect(new Set(invoked.map((one) => one.event['id'])).size).toBe(1);
  });

  it('Using dead-letter queues: after MaximumRetryAttempts the event is there with its attributes', async () => {
    const DeadLetterConfig = { Arn: localArn('sqs', 'dead') };
    await rule('doomed', { RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig });
    answer = () => Promise.reject(new InvocationError('timeout', 'too slow'));
    await put(event('doomed'));
    await bridge.idle();
    clock.advance(60_000);
    await bridge.idle();
    const [dead] = await sqs.receive('dead', { max: 1 });
    sqs.delete('dead', dead!.receipt);
    expect(JSON.parse(dead!.body)).toMatchObject({ detail: { kind: 'doomed' } });
    const attributes = Object.entries(dead!.attributes).map(([name, value]) => [
      name,
      value.StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      RULE_ARN: localArn('events', 'rule/sentry/doomed'),
      TARGET_ARN: localArn('lambda', 'function:doomed'),
      ERROR_CODE: 'TIMEOUT',
      ERROR_MESSAGE: 'too slow',
      RETRY_ATTEMPTS: '1',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  it('Using dead-letter queues: an event older than MaximumEventAgeInSeconds is given up', async () => {
    const DeadLetterConfig = { Arn: localArn('sqs', 'dead') };
    await rule('aged', { RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig });
    answer = () => Promise.reject(new InvocationError('handled', 'no'));
    await put(event('aged'));
    await bridge.idle();
    clock.advance(60_000);
    await bridge.idle();
    const [dead] = await sqs.receive('dead', { max: 1 });
    sqs.delete('dead', dead!.receipt);
    expect(dead!.attributes['EXHAUSTED_RETRY_CONDITION']?.StringValue).toBe(
      'MaximumEventAgeInSeconds',
    );
  });

  it('Using dead-letter queues: a target that does not exist is not retried', async () => {
    const Arn = localArn('sqs', 'never-made');
    await rule('lost', { Arn, DeadLetterConfig: { Arn: localArn('sqs', 'dead') } });
    await put(event('lost'));
    await bridge.idle();
    const [dead] = await sqs.receive('dead', { max: 1 });
    sqs.delete('dead', dead!.receipt);
    expect(dead!.attributes['ERROR_CODE']?.StringValue).toBe('NO_RESOURCE');
  });

  it('Event bus targets: a queue receives the event as its message body', async () => {
    sqs.createQueue('inbox');
    await rule('queued', { Arn: localArn('sqs', 'inbox'), InputPath: '$.detail' });
    await put(event('queued'));
    await bridge.idle();
    const [message] = await sqs.receive('inbox', { max: 1 });
    expect(message?.body).toBe('{"kind":"queued"}');
  });

  it('Creating a rule that runs on a schedule: rate(1 minute) fires once a minute with the scheduled event', async () => {
    const schedule = { Name: 'sweep', ScheduleExpression: 'rate(1 minute)' };
    await client.send(new PutRuleCommand(schedule));
    const Targets = [{ Id: 't', Arn: localArn('lambda', 'function:sweep') }];
    await client.send(new PutTargetsCommand({ Rule: 'sweep', Targets }));
    for (let minute = 0; minute < 3; minute++) {
      clock.advance(60_000);
      await bridge.idle();
    }
    expect(invoked).toHaveLength(3);
    expect(invoked[0]?.event).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [localArn('events', 'rule/sweep')],
      detail: {},
    });
    await expect(
      client.send(new PutRuleCommand({ Name: 'bad', ScheduleExpression: 'rate(1 minutes)' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await client.send(new DisableRuleCommand({ Name: 'sweep' }));
  });
});

it('the fault switch refuses the same entries for the same seed, and none once healed', async () => {
  const fates = async () => {
    bridge.fault({ kind: 'fail_entries', ratio: 0.5, seed: 7 });
    const { Entries } = await put(...Array.from({ length: 10 }, () => event('chaos')));
    return Entries?.map((entry) => entry.ErrorCode);
  };
  const first = await fates();
  expect(await fates()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([undefined, 'InternalFailure']));
  bridge.fault(undefined);
  expect((await put(event('chaos'))).FailedEntryCount).toBe(0);
});

it('a delivery that was owed when the process died is made after the next start', async () => {
  const file = join(scratch.directory, 'restart.sqlite');
  const delivered: unknown[] = [];
  const dead = { invoke: () => Promise.reject(new InvocationError('crash', 'worker died')) };
  const alive = {
    invoke: (_: string, given: unknown) => Promise.resolve(void delivered.push(given)),
  };
  const before = createEventBridge({ file, clock, sqs, invoker: dead });
  const ask = async (target: string, input: object) => {
    const headers = { 'x-amz-target': `AWSEvents.${target}` };
    const body = Buffer.from(JSON.stringify(input));
    const request = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers,
      body,
      region: 'us-east-1',
    };
    expect((await before.handle(request)).status).toBe(200);
  };
  await ask('PutRule', { Name: 'r', EventPattern: '{"source":["s"]}' });
  await ask('PutTargets', {
    Rule: 'r',
    Targets: [{ Id: 't', Arn: localArn('lambda', 'function:f') }],
  });
  await ask('PutEvents', { Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] });
  await before.close();
  const after = createEventBridge({ file, clock, sqs, invoker: alive });
  clock.advance(3_600_000);
  await after.idle();
  expect(delivered).toHaveLength(1);
  await after.close();
});
