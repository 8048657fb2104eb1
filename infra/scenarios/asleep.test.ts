import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import { QUEUES } from '#infra/topology.ts';

import { openScenario, type Scenario } from './harness.ts';
import { awsSettings } from './producer.ts';
import { wakeNotifiers } from './wake.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F14: a retry whose hint was lost is not sent early and is sent once after an hour asleep', async () => {
  const { instance } = scenario;
  const headers = { 'retry-after': '1800' };
  instance.outbox.setFault('slack', { remaining: 1, status: 429, headers });
  const event = {
    source: 'agent',
    type: 'scenario.host',
    service: 'fleet',
    payload: { host: 'sleeper' },
  };
  await scenario.put([{ bytes: Buffer.from(JSON.stringify(event)), partition_key: 'k' }]);
  await instance.mappings.streams.get('kinesis → detect')!.idle();
  await instance.mappings.streams.get('journal → publish')!.idle();
  await instance.services.events.idle();
  const { deliveries } = await scenario.snapshot();
  expect(deliveries.map(({ status }) => status).sort()).toEqual(['RETRYING', 'SENT']);
  const slack = () => instance.outbox.list({ channel: 'slack' }).map(({ status }) => status);

  const sqs = new SQSClient(awsSettings(instance.url));
  const QueueUrl = `${instance.url}/${LOCAL_ACCOUNT}/${QUEUES.timers.name}`;
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  sqs.destroy();
  // Half of what the receiver asked for: ten sweeps, ten wakings, and nothing sent.
  const { alerts } = await scenario.snapshot();
  for (let minute = 0; minute < 10; minute++) {
    instance.advance(90_000);
    await wakeNotifiers(instance.url, alerts, ['slack', 'webhook']);
    await instance.services.events.idle();
  }
  expect(slack()).toEqual([429]);

  instance.advance(3_600_000);
  await scenario.settle();
  expect(slack()).toEqual([200, 429]);
  const after = await scenario.snapshot();
  expect(after.deliveries.every(({ status, owed }) => status === 'SENT' && !owed)).toBe(true);
  expect(after.messages.filter(({ status }) => status < 300)).toHaveLength(2);
});
