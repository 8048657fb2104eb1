import { join } from 'node:path';

import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';
import { createOutbox } from '#infra/local/outbox/outbox.ts';
import type { Outbox } from '#infra/local/outbox/outbox.ts';
import { createSqs } from '#infra/local/sqs/sqs.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';

import { createSns } from './sns.ts';
import type { Sns } from './sns.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let outbox: Outbox;
let sqs: Sqs;
let sns: Sns;
let server: ConformanceServer;
let client: SNSClient;

beforeAll(async () => {
  outbox = createOutbox({ file: join(scratch.directory, 'outbox.sqlite'), clock });
  sqs = createSqs({ file: join(scratch.directory, 'sqs.sqlite'), clock });
  sns = createSns({ file: join(scratch.directory, 'sns.sqlite'), clock, outbox, sqs });
  server = await startConformanceServer((request) => sns.handle(request));
  client = new SNSClient(server.client);
});

beforeEach(() => outbox.clear());

afterAll(async () => {
  client.destroy();
  await server.close();
  await sns.close();
  await sqs.close();
  await outbox.close();
  clock.close();
  scratch.remove();
});

async function topic(Name: string): Promise<string> {
  return (await client.send(new CreateTopicCommand({ Name }))).TopicArn!;
}

describe('Amazon SNS API Reference', () => {
  it('Publish: every e-mail subscriber gets subject and message; nobody subscribed shows at ops@example.com', async () => {
    const TopicArn = await topic('alerts');
    const alert = 'a'.repeat(26);
    await client.send(
      new PublishCommand({
        TopicArn,
        Subject: '[CRITICAL] disk full',
        Message: 'Ü: see http://x/alerts/' + alert,
        MessageAttributes: { severity: { DataType: 'String', StringValue: 'CRITICAL' } },
      }),
    );
    expect(outbox.list()).toMatchObject([
      {
        channel: 'email',
        destination: 'ops@example.com',
        subject: '[CRITICAL] disk full',
        text: `Ü: see http://x/alerts/${alert}`,
        headers: { severity: 'CRITICAL' },
        alert_id: alert,
      },
    ]);
    for (const Endpoint of ['a@example.com', 'b@example.com', 'a@example.com']) {
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    }
    outbox.clear();
    await client.send(new PublishCommand({ TopicArn, Message: 'again' }));
    const addresses = outbox.list().map((message) => message.destination);
    expect(addresses.sort()).toEqual(['a@example.com', 'b@example.com']);
  });

  it('Publish: subjects over 100 characters, with line breaks or beyond ASCII, and messages over 256 KiB are refused', async () => {
    const TopicArn = await topic('limits');
    const publish = (Subject: string, Message = 'm') =>
      client.send(new PublishCommand({ TopicArn, Subject, Message }));
    await publish('x'.repeat(100), 'y'.repeat(262_144));
    for (const subject of ['x'.repeat(101), 'two\nlines', 'Überlauf', ' leading space']) {
      await expect(publish(subject)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(publish('s', 'y'.repeat(262_145))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(
      client.send(new PublishCommand({ TopicArn: `${TopicArn}-none`, Message: 'm' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(outbox.count()).toBe(1);
  });

  it('Subscribe: a queue receives the notification envelope, or the raw message where asked', async () => {
    const TopicArn = await topic('fan');
    for (const [name, RawMessageDelivery] of [
      ['wrapped', 'false'],
      ['raw', 'true'],
    ] as const) {
      sqs.createQueue(name);
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      const Attributes = { RawMessageDelivery };
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    }
    const { MessageId } = await client.send(
      new PublishCommand({ TopicArn, Subject: 's', Message: 'hi' }),
    );
    const [wrapped] = await sqs.receive('wrapped', { max: 1 });
    const [raw] = await sqs.receive('raw', { max: 1 });
    expect(JSON.parse(wrapped!.body)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 's',
      Message: 'hi',
    });
    expect(raw?.body).toBe('hi');
  });

  it('PublishBatch: entries fail alone', async () => {
    const TopicArn = await topic('batch');
    const PublishBatchRequestEntries = [
      { Id: 'good', Message: 'one' },
      { Id: 'bad', Message: 'two', Subject: 'a\nb' },
    ];
    const answer = await client.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }),
    );
    expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([
      { Id: 'bad', Code: 'InvalidParameter', SenderFault: true },
    ]);
  });

  it('topics and subscriptions are listed, described, changed and removed', async () => {
    const TopicArn = await topic('managed');
    expect(await topic('managed')).toBe(TopicArn);
    const { SubscriptionArn } = await client.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'x@example.com' }),
    );
    await client.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: 'DisplayName',
        AttributeValue: 'Ops & co',
      }),
    );
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ DisplayName: 'Ops & co', SubscriptionsConfirmed: '1' });
    const listed = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions).toMatchObject([{ SubscriptionArn, Endpoint: 'x@example.com' }]);
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    await client.send(new DeleteTopicCommand({ TopicArn }));
    const { Topics } = await client.send(new ListTopicsCommand({}));
    expect(Topics?.map((one) => one.TopicArn)).not.toContain(TopicArn);
  });
});
