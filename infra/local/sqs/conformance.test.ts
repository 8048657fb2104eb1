import { join } from 'node:path';

import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';

import { createSqs } from './sqs.ts';
import type { Sqs } from './sqs.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let sqs: Sqs;
let server: ConformanceServer;
let client: SQSClient;

beforeAll(async () => {
  sqs = createSqs({ file: join(scratch.directory, 'sqs.sqlite'), clock });
  server = await startConformanceServer((request) => sqs.handle(request));
  client = new SQSClient(server.client);
});

afterAll(async () => {
  client.destroy();
  await server.close();
  await sqs.close();
  clock.close();
  scratch.remove();
});

async function makeQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return QueueUrl!;
}

const receive = async (QueueUrl: string, options: { WaitTimeSeconds?: number } = {}) => {
  const input = { QueueUrl, MaxNumberOfMessages: 10, ...options };
  const { Messages } = await client.send(
    new ReceiveMessageCommand({
      ...input,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages ?? [];
};

describe('Amazon SQS API Reference', () => {
  it('SendMessage and ReceiveMessage: the SDK verifies the digests of body and attributes', async () => {
    const QueueUrl = await makeQueue('digests');
    const MessageAttributes = {
      trace: { DataType: 'String', StringValue: 'ä-1' },
      count: { DataType: 'Number', StringValue: '7' },
      raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 7]) },
    };
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'héllo', MessageAttributes }),
    );
    const [message] = await receive(QueueUrl);
    expect(message?.MessageId).toBe(sent.MessageId);
    expect(message?.Body).toBe('héllo');
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.MessageAttributes?.['raw']?.BinaryValue).toEqual(new Uint8Array([0, 255, 7]));
    expect(message?.Attributes?.['ApproximateReceiveCount']).toBe('1');
  });

  it('Calculating the MD5 message digest for message attributes: the documented layout', async () => {
    const QueueUrl = await makeQueue('layout');
    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'x',
        MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
      }),
    );
    // MD5 of 00000001 'a' 00000006 'String' 01 00000001 'b', computed apart.
    expect(sent.MD5OfMessageAttributes).toBe('bef8bf215374a0a228d67533b1a488be');
    expect(sent.MD5OfMessageBody).toBe('9dd4e461268c8034f5c8564e155c67a6');
  });

  it('Visibility timeout: a received message is hidden, and comes back when its time is over', async () => {
    const QueueUrl = await makeQueue('hidden', { VisibilityTimeout: '60' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'once' }));
    expect(await receive(QueueUrl)).toHaveLength(1);
    expect(await receive(QueueUrl)).toHaveLength(0);
    clock.advance(60_000);
    const [again] = await receive(QueueUrl);
    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
  });

  it('ChangeMessageVisibility: zero gives the message back at once', async () => {
    const QueueUrl = await makeQueue('giveback');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'mine' }));
    const [message] = await receive(QueueUrl);
    const ReceiptHandle = message!.ReceiptHandle!;
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect(await receive(QueueUrl)).toHaveLength(1);
  });

  it('DeleteMessage: only the latest receipt handle deletes; a malformed one is refused', async () => {
    const QueueUrl = await makeQueue('receipts', { VisibilityTimeout: '1' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'stay' }));
    const [first] = await receive(QueueUrl);
    clock.advance(1000);
    const [second] = await receive(QueueUrl);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle }));
    clock.advance(1000);
    expect(await receive(QueueUrl)).toHaveLength(1);
    expect(second?.MessageId).toBe(first?.MessageId);
    await expect(
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('Delay queues: DelaySeconds up to 900 hold a message back, 901 is refused', async () => {
    const QueueUrl = await makeQueue('delay');
    await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }),
    );
    expect(await receive(QueueUrl)).toHaveLength(0);
    clock.advance(900_000);
    expect(await receive(QueueUrl)).toHaveLength(1);
    await expect(
      client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no', DelaySeconds: 901 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('Long polling: a waiting receive answers as soon as a message is sent', async () => {
    const QueueUrl = await makeQueue('poll');
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    sqs.send('poll', [{ body: 'now' }]);
    expect(await waiting).toHaveLength(1);
  });

  it('Long polling: a moved clock ends the wait of an empty queue', async () => {
    sqs.createQueue('poll-empty');
    const waiting = sqs.receive('poll-empty', { max: 1, waitSeconds: 20 });
    clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  it('Dead-letter queues: after maxReceiveCount receives the message moves and keeps its id', async () => {
    const dlq = await makeQueue('work-dlq');
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: dlq, AttributeNames: ['QueueArn'] }),
    );
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: Attributes?.['QueueArn'],
      maxReceiveCount: 2,
    });
    const QueueUrl = await makeQueue('work', { VisibilityTimeout: '1', RedrivePolicy });
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    for (let turn = 0; turn < 2; turn++) {
      expect(await receive(QueueUrl)).toHaveLength(1);
      clock.advance(1000);
    }
    expect(await receive(QueueUrl)).toHaveLength(0);
    const [dead] = await receive(dlq);
    expect(dead?.MessageId).toBe(sent.MessageId);
    expect(dead?.Attributes?.['DeadLetterQueueSourceArn']).toMatch(/:work$/);
  });

  it('SendMessageBatch and DeleteMessageBatch: a bad entry fails alone, in a 200', async () => {
    const QueueUrl = await makeQueue('batch', { MaximumMessageSize: '1024' });
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'a' },
          { Id: 'big', MessageBody: 'b'.repeat(1025) },
        ],
      }),
    );
    expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'big', SenderFault: true }]);
    const messages = await receive(QueueUrl);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted.Successful).toHaveLength(1);
    const eleven = Array.from({ length: 11 }, (_, index) => ({
      Id: String(index),
      MessageBody: 'x',
    }));
    await expect(
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries: eleven })),
    ).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  });

  it('GetQueueAttributes: counts, defaults and what SetQueueAttributes changed', async () => {
    const QueueUrl = await makeQueue('counts');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '1' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '2', DelaySeconds: 5 }));
    await receive(QueueUrl);
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }),
    );
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '7',
      MessageRetentionPeriod: '345600',
    });
  });

  it('CreateQueue, GetQueueUrl, ListQueues, PurgeQueue: by name, idempotent, and errors by their code', async () => {
    const QueueUrl = await makeQueue('named', { DelaySeconds: '1' });
    expect(await makeQueue('named', { DelaySeconds: '1' })).toBe(QueueUrl);
    await expect(makeQueue('named', { DelaySeconds: '2' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'named' }));
    expect(found.QueueUrl).toBe(QueueUrl);
    const listed = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'nam' }));
    expect(listed.QueueUrls).toEqual([QueueUrl]);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'gone' }));
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(sqs.depth('named')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await expect(
      client.send(new GetQueueUrlCommand({ QueueName: 'nobody' })),
    ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('the query protocol of tools before 2023', () => {
  async function ask(fields: Record<string, string>): Promise<string> {
    const response = await fetch(`${server.url}/`, {
      method: 'POST',
      body: new URLSearchParams({ Version: '2012-11-05', ...fields }),
    });
    return await response.text();
  }

  it('carries the same operations as XML', async () => {
    const created = await ask({
      Action: 'CreateQueue',
      QueueName: 'old',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '5',
    });
    const QueueUrl = /<QueueUrl>(.+)<\/QueueUrl>/.exec(created)![1]!;
    await ask({
      Action: 'SendMessage',
      QueueUrl,
      MessageBody: 'a < b & c',
      'MessageAttribute.1.Name': 'kind',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'delivery',
    });
    const received = await ask({
      Action: 'ReceiveMessage',
      QueueUrl,
      MaxNumberOfMessages: '10',
      'AttributeName.1': 'All',
      'MessageAttributeName.1': 'All',
    });
    expect(received).toContain('<Body>a &lt; b &amp; c</Body>');
    expect(received).toContain('<Name>kind</Name><Value><DataType>String</DataType>');
    expect(received).toContain('<Name>ApproximateReceiveCount</Name><Value>1</Value>');
    const missing = await ask({ Action: 'GetQueueUrl', QueueName: 'nobody' });
    expect(missing).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
  });
});
