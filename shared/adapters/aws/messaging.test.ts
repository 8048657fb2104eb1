import { PublishCommand, SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetParameterCommand,
  ParameterNotFound,
  SSMClient,
  SSMServiceException,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';

import { createSnsEmailTopic } from './sns-email.ts';
import { createSqsTimerHint } from './sqs-timer-hint.ts';
import { createSsmSecretStore } from './ssm-secret-store.ts';

const region = 'us-east-1';
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const ssm = mockClient(SSMClient);
beforeEach(() => {
  sns.reset();
  sqs.reset();
  ssm.reset();
});

describe('the SNS e-mail topic', () => {
  const topic = createSnsEmailTopic(new SNSClient({ region }), 'arn:own');
  const mail = { subject: 's', body: 'b' };
  const fault = (name: string, httpStatusCode: number) =>
    new SNSServiceException({ name, $fault: 'client', message: '', $metadata: { httpStatusCode } });

  it('publishes to the deployment’s topic, or to the channel’s own', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await topic.publish(mail)).toEqual({ kind: 'delivered', receipt: 'm-1' });
    await topic.publish({ ...mail, topic_arn: 'arn:other' });
    expect(sns.commandCalls(PublishCommand).map(({ args }) => args[0].input)).toEqual([
      { TopicArn: 'arn:own', Subject: 's', Message: 'b' },
      { TopicArn: 'arn:other', Subject: 's', Message: 'b' },
    ]);
  });

  it.each([
    ['InvalidParameter', 400, 'permanent'],
    ['NotFound', 404, 'permanent'],
    ['AuthorizationError', 403, 'permanent'],
    ['Throttled', 429, 'retryable'],
    ['ThrottlingException', 400, 'retryable'],
    ['InternalError', 500, 'retryable'],
  ])('%s (%d) is %s', async (name, status, kind) => {
    sns.on(PublishCommand).rejects(fault(name, status));
    expect((await topic.publish(mail)).kind).toBe(kind);
  });

  it('a network fault is retryable, and a missing topic is permanent', async () => {
    sns.on(PublishCommand).rejects(new Error('ECONNRESET'));
    expect((await topic.publish(mail)).kind).toBe('retryable');
    const none = createSnsEmailTopic(new SNSClient({ region }), '');
    expect((await none.publish(mail)).kind).toBe('permanent');
  });
});

describe('SQS hints', () => {
  const timers = createSqsTimerHint(new SQSClient({ region }), 'https://queue');
  const hint = { kind: 'delivery', tenant: 't', alert_id: 'a', delivery_key: 'a|1|x' } as const;

  it.each([
    [0, 0],
    [1, 1],
    [1_001, 2],
    [899_001, 900],
    [86_400_000, 900],
    [-5, 0],
  ])('a wait of %d ms is a delay of %d s', async (delayMs, DelaySeconds) => {
    sqs.on(SendMessageCommand).resolves({});
    await timers.hint(hint, delayMs);
    expect(sqs.commandCalls(SendMessageCommand)[0]!.args[0].input).toEqual({
      QueueUrl: 'https://queue',
      DelaySeconds,
      MessageBody: JSON.stringify(hint),
    });
  });

  it('throws unavailable when the queue does not take it', async () => {
    sqs.on(SendMessageCommand).rejects(new Error('down'));
    await expect(timers.hint(hint, 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the SSM secret store', () => {
  const open = () => {
    const clock = { now: 0 };
    return { clock, secrets: createSsmSecretStore(new SSMClient({ region }), () => clock.now) };
  };

  it('keeps a secret for five minutes', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'v', Version: 3 } });
    const { clock, secrets } = open();
    expect(await secrets.get('/a')).toEqual({ value: 'v', version: '3' });
    clock.now = 5 * 60_000 - 1;
    await secrets.get('/a');
    expect(ssm.calls()).toHaveLength(1);
    clock.now = 5 * 60_000;
    await secrets.get('/a');
    expect(ssm.calls()).toHaveLength(2);
  });

  it('asks for a version by selector', async () => {
    ssm.on(GetParameterCommand, { Name: '/a:2', WithDecryption: true }).resolves({
      Parameter: { Value: 'old', Version: 2 },
    });
    expect(await open().secrets.get('/a', '2')).toEqual({ value: 'old', version: '2' });
  });

  it('tells missing, forbidden and away apart, and remembers none of it', async () => {
    const { secrets } = open();
    const denied = new SSMServiceException({
      name: 'AccessDeniedException',
      $fault: 'client',
      $metadata: {},
    });
    ssm
      .on(GetParameterCommand)
      .rejectsOnce(new ParameterNotFound({ message: '', $metadata: {} }))
      .rejectsOnce(denied)
      .rejectsOnce(new Error('ECONNRESET'))
      .resolves({ Parameter: { Value: 'v' } });
    expect(await secrets.get('/a')).toBeUndefined();
    await expect(secrets.get('/a')).rejects.toMatchObject({ code: 'internal' });
    await expect(secrets.get('/a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await secrets.get('/a')).toEqual({ value: 'v' });
  });
});
