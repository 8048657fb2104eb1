import type { LocalClock } from '#infra/local/clock.ts';
import type { Outbox } from '#infra/local/outbox/outbox.ts';
import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import type { AwsService } from '#infra/local/service.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerQuery, entries, members, required } from '#infra/local/wire/query.ts';
import type { QueryOperation } from '#infra/local/wire/query.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

import { publish } from './publish.ts';
import type { Publication } from './publish.ts';
import { TopicStore } from './topic.ts';
import type { Subscription } from './topic.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

export interface Sns extends AwsService {
  /** Idempotent; gives the topic's ARN. */
  createTopic(name: string): string;
  subscribe(topicArn: string, protocol: Subscription['protocol'], endpoint: string): string;
}

/** Amazon SNS: e-mail lands in the outbox, `sqs` subscriptions in their queues. */
export function createSns(parts: {
  file: string;
  clock: LocalClock;
  outbox: Outbox;
  sqs: Sqs;
}): Sns {
  const topics = new TopicStore(parts.file);
  const ports = { ...parts, topics };

  const operations: Record<string, QueryOperation> = {
    CreateTopic: (p) =>
      element('TopicArn', topics.create(required(p, 'Name'), entries(p, 'Attributes.entry'))),
    DeleteTopic: (p) => {
      topics.remove(required(p, 'TopicArn'));
    },
    ListTopics: () =>
      wrap(
        'Topics',
        topics
          .list()
          .map((arn) => wrap('member', element('TopicArn', arn)))
          .join(''),
      ),
    GetTopicAttributes: (p) => {
      const arn = required(p, 'TopicArn');
      const all = { TopicArn: arn, Owner: LOCAL_ACCOUNT, ...topics.attributes(arn) };
      const confirmed = String(topics.subscriptions(arn).length);
      return renderMap({ ...all, SubscriptionsConfirmed: confirmed, SubscriptionsPending: '0' });
    },
    SetTopicAttributes: (p) => {
      const value = p.get('AttributeValue') ?? '';
      topics.setAttribute(required(p, 'TopicArn'), required(p, 'AttributeName'), value);
    },
    Subscribe: (p) => {
      const protocol = required(p, 'Protocol');
      if (protocol !== 'email' && protocol !== 'email-json' && protocol !== 'sqs') {
        throw new AwsError(
          'InvalidParameter',
          `Invalid parameter: Does not support this protocol here: ${protocol}`,
        );
      }
      const endpoint = required(p, 'Endpoint');
      const attributes = entries(p, 'Attributes.entry');
      const subscription = {
        topic_arn: required(p, 'TopicArn'),
        protocol,
        endpoint,
        attributes,
      } as const;
      return element('SubscriptionArn', topics.subscribe(subscription));
    },
    Unsubscribe: (p) => {
      topics.unsubscribe(required(p, 'SubscriptionArn'));
    },
    ListSubscriptions: () => renderSubscriptions(topics.subscriptions()),
    ListSubscriptionsByTopic: (p) => {
      const arn = required(p, 'TopicArn');
      topics.attributes(arn);
      return renderSubscriptions(topics.subscriptions(arn));
    },
    Publish: (p) => {
      const arn = p.get('TopicArn') ?? p.get('TargetArn');
      if (!arn)
        throw new AwsError(
          'InvalidParameter',
          'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
        );
      return element('MessageId', publish(arn, readPublication(p), ports));
    },
    PublishBatch: (p) => publishBatch(required(p, 'TopicArn'), p, ports),
  };

  return {
    createTopic: (name) => topics.create(name, {}),
    subscribe: (topicArn, protocol, endpoint) =>
      topics.subscribe({ topic_arn: topicArn, protocol, endpoint, attributes: {} }),
    handle: (request) => answerQuery(request, operations, NAMESPACE),
    close: () => Promise.resolve(topics.close()),
  };
}

function readPublication(parameters: URLSearchParams): Publication {
  const attributes = members(parameters, 'MessageAttributes.entry').map((entry) => [
    entry.get('Name') ?? '',
    {
      Type: entry.get('Value.DataType') ?? 'String',
      Value: entry.get('Value.StringValue') ?? entry.get('Value.BinaryValue') ?? '',
    },
  ]);
  return {
    message: parameters.get('Message') ?? '',
    subject: parameters.get('Subject') ?? undefined,
    structure: parameters.get('MessageStructure') ?? undefined,
    attributes: Object.fromEntries(attributes) as Publication['attributes'],
  };
}

function publishBatch(
  topicArn: string,
  parameters: URLSearchParams,
  ports: Parameters<typeof publish>[2],
): string {
  const batch = members(parameters, 'PublishBatchRequestEntries.member');
  if (batch.length === 0)
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (batch.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  let successful = '';
  let failed = '';
  for (const entry of batch) {
    const id = element('Id', entry.get('Id') ?? '');
    try {
      successful += wrap(
        'member',
        id + element('MessageId', publish(topicArn, readPublication(entry), ports)),
      );
    } catch (error) {
      if (!(error instanceof AwsError) || error.status === 404) throw error;
      const reason = element('Code', error.code) + element('Message', error.message);
      failed += wrap('member', id + reason + element('SenderFault', true));
    }
  }
  return wrap('Successful', successful) + wrap('Failed', failed);
}

function renderMap(map: Readonly<Record<string, string>>): string {
  const rows = Object.entries(map).map(([key, value]) =>
    wrap('entry', element('key', key) + element('value', value)),
  );
  return wrap('Attributes', rows.join(''));
}

function renderSubscriptions(subscriptions: readonly Subscription[]): string {
  const rows = subscriptions.map((subscription) =>
    wrap(
      'member',
      element('SubscriptionArn', subscription.arn) +
        element('Owner', LOCAL_ACCOUNT) +
        element('Protocol', subscription.protocol) +
        element('Endpoint', subscription.endpoint) +
        element('TopicArn', subscription.topic_arn),
    ),
  );
  return wrap('Subscriptions', rows.join(''));
}
