import { join } from 'node:path';

import { DisableRuleCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { InvocationError, localArn } from '#infra/local/service.ts';

import { createEventBridge } from './eventbridge.ts';
import { event, startBus } from './fixture.ts';

let bus: Awaited<ReturnType<typeof startBus>>;

beforeAll(async () => {
  bus = await startBus();
});

beforeEach(() => bus.reset());

afterAll(() => bus.close());

describe('EventBridge User Guide', () => {
  it('How EventBridge retries delivering events: a failed target is tried again until it takes the event', async () => {
    await bus.rule('flaky');
    let failures = 2;
    bus.functions.answer = () =>
      failures-- > 0 ? Promise.reject(new InvocationError('handled', 'no')) : Promise.resolve(null);
    await bus.put(event('flaky'));
    await bus.bridge.idle();
    expect([bus.invoked.length, bus.bridge.pendingDeliveries()]).toEqual([1, 1]);
    bus.clock.advance(60_000);
    await bus.bridge.idle();
    bus.clock.advance(60_000);
    await bus.bridge.idle();
    expect([bus.invoked.length, bus.bridge.pendingDeliveries()]).toEqual([3, 0]);
    expect(new Set(bus.invoked.map((one) => one.event['id'])).size).toBe(1);
  });

  it('Using dead-letter queues: after MaximumRetryAttempts the event is there with its attributes', async () => {
    const DeadLetterConfig = { Arn: localArn('sqs', 'dead') };
    await bus.rule('doomed', { RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig });
    bus.functions.answer = () => Promise.reject(new InvocationError('timeout', 'too slow'));
    await bus.put(event('doomed'));
    await bus.bridge.idle();
    bus.clock.advance(60_000);
    await bus.bridge.idle();
    const [dead] = await bus.sqs.receive('dead', { max: 1 });
    bus.sqs.delete('dead', dead!.receipt);
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
    await bus.rule('aged', { RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig });
    bus.functions.answer = () => Promise.reject(new InvocationError('handled', 'no'));
    await bus.put(event('aged'));
    await bus.bridge.idle();
    bus.clock.advance(60_000);
    await bus.bridge.idle();
    const [dead] = await bus.sqs.receive('dead', { max: 1 });
    bus.sqs.delete('dead', dead!.receipt);
    expect(dead!.attributes['EXHAUSTED_RETRY_CONDITION']?.StringValue).toBe(
      'MaximumEventAgeInSeconds',
    );
  });

  it('Using dead-letter queues: a target that does not exist is not retried', async () => {
    const Arn = localArn('sqs', 'never-made');
    await bus.rule('lost', { Arn, DeadLetterConfig: { Arn: localArn('sqs', 'dead') } });
    await bus.put(event('lost'));
    await bus.bridge.idle();
    const [dead] = await bus.sqs.receive('dead', { max: 1 });
    bus.sqs.delete('dead', dead!.receipt);
    expect(dead!.attributes['ERROR_CODE']?.StringValue).toBe('NO_RESOURCE');
  });

  it('Event bus targets: a queue receives the event as its message body', async () => {
    bus.sqs.createQueue('inbox');
    await bus.rule('queued', { Arn: localArn('sqs', 'inbox'), InputPath: '$.detail' });
    await bus.put(event('queued'));
    await bus.bridge.idle();
    const [message] = await bus.sqs.receive('inbox', { max: 1 });
    expect(message?.body).toBe('{"kind":"queued"}');
  });

  it('Creating a rule that runs on a schedule: rate(1 minute) fires once a minute with the scheduled event', async () => {
    const schedule = { Name: 'sweep', ScheduleExpression: 'rate(1 minute)' };
    await bus.client.send(new PutRuleCommand(schedule));
    const Targets = [{ Id: 't', Arn: localArn('lambda', 'function:sweep') }];
    await bus.client.send(new PutTargetsCommand({ Rule: 'sweep', Targets }));
    for (let minute = 0; minute < 3; minute++) {
      bus.clock.advance(60_000);
      await bus.bridge.idle();
    }
    expect(bus.invoked).toHaveLength(3);
    expect(bus.invoked[0]?.event).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [localArn('events', 'rule/sweep')],
      detail: {},
    });
    await expect(
      bus.client.send(new PutRuleCommand({ Name: 'bad', ScheduleExpression: 'rate(1 minutes)' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await bus.client.send(new DisableRuleCommand({ Name: 'sweep' }));
  });
});

it('a delivery that was owed when the process died is made after the next start', async () => {
  const { clock, sqs } = bus;
  const file = join(bus.directory, 'restart.sqlite');
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
  bus.clock.advance(3_600_000);
  await after.idle();
  expect(delivered).toHaveLength(1);
  await after.close();
});
