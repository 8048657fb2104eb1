import { randomUUID } from 'node:crypto';

import type { LocalClock } from '#infra/local/clock.ts';
import { findAlertId } from '#infra/local/outbox/message.ts';
import type { Outbox } from '#infra/local/outbox/outbox.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';
import { queueOfArn } from '#infra/local/sqs/queue.ts';
import { AwsError } from '#infra/local/wire/error.ts';

import type { Subscription, TopicStore } from './topic.ts';

const MESSAGE_BYTES_DEFAULT = 262_144;

/** Where a message is shown when nobody subscribed. */
const NOBODY = 'ops@example.com';

export interface Publication {
  message: string;
  subject?: string | undefined;
  /** `json`: the message holds one text per protocol, and `default`. */
  structure?: string | undefined;
  attributes: Record<string, { Type: string; Value: string }>;
}

export interface PublishPorts {
  topics: TopicStore;
  outbox: Outbox;
  sqs: Sqs;
  clock: LocalClock;
}

/**
 * Hands a message to every subscriber; each copy is durable before the id is given back.
 * Throws InvalidParameter by the constraints of
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and NotFound for an unknown topic.
 */
export function publish(topicArn: string, publication: Publication, ports: PublishPorts): string {
  const attributes = ports.topics.attributes(topicArn);
  checkPublication(publication, Number(attributes['MaximumMessageSize'] ?? MESSAGE_BYTES_DEFAULT));
  const texts = readStructure(publication);
  const id = randomUUID();
  const subscriptions = ports.topics.subscriptions(topicArn);
  const readers: readonly Pick<Subscription, 'protocol' | 'endpoint' | 'attributes'>[] =
    subscriptions.length > 0
      ? subscriptions
      : [{ protocol: 'email', endpoint: NOBODY, attributes: {} }];
  for (const reader of readers) {
    const message = texts[reader.protocol] ?? texts['default'] ?? publication.message;
    if (reader.protocol === 'sqs')
      sendToQueue(reader, topicArn, id, { ...publication, message }, ports);
    else ports.outbox.record(toEmail(reader.endpoint, topicArn, { ...publication, message }));
  }
  return id;
}

function checkPublication(publication: Publication, bytesMax: number): void {
  const { subject, message } = publication;
  // SNS also takes newer Unicode subjects; mail gateways do not, so the stricter old rule holds here.
  if (subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(subject)) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Subject');
  }
  if (message === '') throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
  let bytes = Buffer.byteLength(message);
  for (const [name, { Type, Value }] of Object.entries(publication.attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(Type) + Buffer.byteLength(Value);
  }
  if (bytes > bytesMax)
    throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
}

function readStructure(publication: Publication): Record<string, string> {
  if (publication.structure !== 'json') return { default: publication.message };
  const refuse = (reason: string): AwsError =>
    new AwsError('InvalidParameter', `Invalid parameter: Message Structure - ${reason}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(publication.message);
  } catch {
    throw refuse('JSON message body failed to parse');
  }
  if (typeof parsed !== 'object' || parsed === null || !('default' in parsed)) {
    throw refuse('No default entry in JSON message body');
  }
  return Object.fromEntries(
    Object.entries(parsed).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function toEmail(
  address: string,
  topicArn: string,
  publication: Publication,
): Parameters<Outbox['record']>[0] {
  const alertId =
    publication.attributes['alert_id']?.Value ?? findAlertId(undefined, publication.message);
  return {
    channel: 'email',
    destination: address,
    method: 'SNS',
    url: topicArn,
    headers: Object.fromEntries(
      Object.entries(publication.attributes).map(([name, { Value }]) => [name, Value]),
    ),
    text: publication.message,
    subject: publication.subject ?? 'AWS Notification Message',
    status: 200,
    ...(alertId === undefined ? {} : { alert_id: alertId }),
  };
}

function sendToQueue(
  reader: Pick<Subscription, 'endpoint' | 'attributes'>,
  topicArn: string,
  id: string,
  publication: Publication,
  { sqs, clock }: PublishPorts,
): void {
  const queue = queueOfArn(reader.endpoint);
  // SNS cannot deliver to a queue that is gone either; the other subscribers still get theirs.
  if (!sqs.hasQueue(queue)) return;
  const raw = reader.attributes['RawMessageDelivery'] === 'true';
  const envelope = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    ...(publication.subject === undefined ? {} : { Subject: publication.subject }),
    Message: publication.message,
    Timestamp: new Date(clock.now()).toISOString(),
    ...(Object.keys(publication.attributes).length > 0
      ? { MessageAttributes: publication.attributes }
      : {}),
  };
  const attributes = Object.fromEntries(
    Object.entries(publication.attributes).map(([name, { Type, Value }]) => [
      name,
      Type.startsWith('Binary')
        ? { DataType: Type, BinaryValue: Value }
        : { DataType: Type, StringValue: Value },
    ]),
  );
  sqs.send(queue, [
    raw ? { body: publication.message, attributes } : { body: JSON.stringify(envelope) },
  ]);
}
