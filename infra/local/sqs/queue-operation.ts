import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import type { AwsRequest } from '#infra/local/service.ts';
import { operation } from '#infra/local/wire/json.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';

import { checkAttributes, noSuchQueue, queueArn, queueOfUrl, readRedrivePolicy } from './queue.ts';
import type { Sqs } from './sqs.ts';
import type { QueueStore } from './store.ts';

export const QueueUrl = z.object({ QueueUrl: z.string() });

/** Code of a request whose shape is wrong. */
export const INVALID = 'InvalidParameterValue';

/** Operations on queues, over the JSON protocol's shapes. */
export function createQueueOperations(
  sqs: Sqs,
  store: QueueStore,
  clock: LocalClock,
): Record<string, JsonOperation> {
  return {
    CreateQueue: operation(
      z.object({ QueueName: z.string(), Attributes: z.record(z.string(), z.string()).optional() }),
      (input, request) => ({
        QueueUrl: urlOf(sqs.createQueue(input.QueueName, input.Attributes).name, request),
      }),
      INVALID,
    ),
    DeleteQueue: operation(QueueUrl, (input) => store.remove(named(store, input.QueueUrl))),
    PurgeQueue: operation(QueueUrl, (input) => store.purge(named(store, input.QueueUrl))),
    GetQueueUrl: operation(z.object({ QueueName: z.string() }), (input, request) => ({
      QueueUrl: urlOf(store.queue(input.QueueName).name, request),
    })),
    ListQueues: operation(
      z.object({ QueueNamePrefix: z.string().default('') }),
      (input, request) => ({
        QueueUrls: store
          .queues()
          .filter((queue) => queue.name.startsWith(input.QueueNamePrefix))
          .map((queue) => urlOf(queue.name, request)),
      }),
    ),
    ListDeadLetterSourceQueues: operation(QueueUrl, (input, request) => ({
      queueUrls: store
        .queues()
        .filter(
          (queue) => readRedrivePolicy(queue.attributes)?.dlq === named(store, input.QueueUrl),
        )
        .map((queue) => urlOf(queue.name, request)),
    })),
    GetQueueAttributes: operation(
      QueueUrl.extend({ AttributeNames: z.array(z.string()).default([]) }),
      (input) => ({
        Attributes: attributesOf(
          store,
          named(store, input.QueueUrl),
          clock.now(),
          input.AttributeNames,
        ),
      }),
      INVALID,
    ),
    SetQueueAttributes: operation(
      QueueUrl.extend({ Attributes: z.record(z.string(), z.string()) }),
      (input) => {
        checkAttributes(input.Attributes);
        const queue = store.queue(queueOfUrl(input.QueueUrl));
        const attributes = { ...queue.attributes, ...input.Attributes };
        store.save({ ...queue, attributes, modified_at: clock.now() });
      },
      INVALID,
    ),
    TagQueue: operation(QueueUrl, (input) => void named(store, input.QueueUrl)),
    ListQueueTags: operation(QueueUrl, (input) => void named(store, input.QueueUrl)),
  };
}

/** Queue URLs name the host the caller used, so that they work for that caller. */
function urlOf(name: string, request: AwsRequest): string {
  return `http://${request.headers['host'] ?? '127.0.0.1:4566'}/${LOCAL_ACCOUNT}/${name}`;
}

/** The queue's name; throws QueueDoesNotExist. */
export function named(store: QueueStore, url: string): string {
  const name = queueOfUrl(url);
  if (!store.has(name)) throw noSuchQueue();
  return name;
}

function attributesOf(
  store: QueueStore,
  name: string,
  now: number,
  wanted: readonly string[],
): Record<string, string> {
  const queue = store.queue(name);
  const depth = store.depth(name, now);
  const all: Record<string, string> = {
    ...queue.attributes,
    QueueArn: queueArn(name),
    CreatedTimestamp: String(Math.floor(queue.created_at / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified_at / 1000)),
    ApproximateNumberOfMessages: String(depth.visible),
    ApproximateNumberOfMessagesNotVisible: String(depth.inFlight),
    ApproximateNumberOfMessagesDelayed: String(depth.delayed),
  };
  if (wanted.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([key]) => wanted.includes(key)));
}
