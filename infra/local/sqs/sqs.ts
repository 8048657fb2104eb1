import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsService } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerJson } from '#infra/local/wire/json.ts';
import { UNSPEAKABLE } from '#infra/local/wire/xml.ts';

import { messageBytes } from './checksum.ts';
import type { MessageAttributes } from './checksum.ts';
import { answerForm } from './form.ts';
import { createMessageOperations } from './message-operation.ts';
import { createQueueOperations } from './queue-operation.ts';
import { checkAttributes, checkQueueName, DEFAULT_ATTRIBUTES } from './queue.ts';
import type { QueueAttributes } from './queue.ts';
import { QueueStore } from './store.ts';
import type { Queue, QueueDepth, StoredMessage } from './store.ts';
import { Waiters } from './wake.ts';

interface OutgoingQueueMessage {
  body: string;
  attributes?: MessageAttributes;
  /** 0–900; the queue's own delay when absent. */
  delaySeconds?: number | undefined;
}

interface ReceiveOptions {
  /** 1–10 over the wire; a mapping may take more. */
  max: number;
  waitSeconds?: number | undefined;
  visibilitySeconds?: number | undefined;
  signal?: AbortSignal;
}

/** SQS standard queues, besides the wire also for the other local services. Unknown queues throw QueueDoesNotExist. */
export interface Sqs extends AwsService {
  /** Makes the queue, or changes nothing when one with these attributes is there; throws QueueNameExists. */
  createQueue(name: string, attributes?: QueueAttributes): Queue;
  hasQueue(name: string): boolean;
  /** Durable when it returns; gives the message ids. */
  send(queue: string, messages: readonly OutgoingQueueMessage[]): string[];
  /** Waits for messages up to `waitSeconds` of the local clock. */
  receive(queue: string, options: ReceiveOptions): Promise<StoredMessage[]>;
  delete(queue: string, receipt: string): boolean;
  changeVisibility(queue: string, receipt: string, seconds: number): void;
  depth(queue: string): QueueDepth;
}

/** Amazon SQS on one sqlite file: AWS JSON 1.0 and the older query protocol. */
export function createSqs({ file, clock }: { file: string; clock: LocalClock }): Sqs {
  const store = new QueueStore(file);
  const waiters = new Waiters(clock);
  const closed = new AbortController();

  const sqs: Sqs = {
    createQueue(name, attributes = {}) {
      checkQueueName(name);
      checkAttributes(attributes);
      const wanted = { ...DEFAULT_ATTRIBUTES, ...attributes };
      if (store.has(name)) {
        const queue = store.queue(name);
        const differs = Object.entries(attributes).some(
          ([key, value]) => queue.attributes[key] !== value,
        );
        if (!differs) return queue;
        throw new AwsError(
          'QueueNameExists',
          'A queue already exists with the same name and a different value for an attribute',
          { queryCode: 'QueueAlreadyExists' },
        );
      }
      const now = clock.now();
      store.save({ name, attributes: wanted, created_at: now, modified_at: now });
      return store.queue(name);
    },
    hasQueue: (name) => store.has(name),
    send(name, messages) {
      const queue = store.queue(name);
      const max = Number(queue.attributes['MaximumMessageSize']);
      const rows = messages.map((message) => ({ attributes: {}, ...message }));
      for (const row of rows) checkMessage(row.body, row.attributes, max);
      const ids = store.send(queue, rows, clock.now());
      waiters.wake(name);
      return ids;
    },
    async receive(name, options) {
      const queue = store.queue(name);
      const visibility = options.visibilitySeconds ?? Number(queue.attributes['VisibilityTimeout']);
      const patience =
        options.waitSeconds ?? Number(queue.attributes['ReceiveMessageWaitTimeSeconds']);
      const deadline = clock.now() + patience * 1000;
      const signal = options.signal
        ? AbortSignal.any([options.signal, closed.signal])
        : closed.signal;
      for (;;) {
        if (signal.aborted || !store.has(name)) return [];
        const { messages, moved } = store.receive(
          queue,
          options.max,
          visibility * 1000,
          clock.now(),
        );
        if (moved) waiters.wake(moved);
        if (messages.length > 0 || clock.now() >= deadline) return messages;
        const next = store.nextVisibleAt(name) ?? deadline;
        await waiters.wait(name, Math.min(next, deadline), signal);
      }
    },
    delete: (name, receipt) => {
      store.queue(name);
      return store.delete(name, receipt);
    },
    changeVisibility(name, receipt, seconds) {
      store.queue(name);
      const now = clock.now();
      store.hide(name, receipt, now + seconds * 1000, now);
      waiters.wake(name);
    },
    depth: (name) => store.depth(store.queue(name).name, clock.now()),
    handle: (request) =>
      request.headers['x-amz-target'] === undefined
        ? answerForm(request, operations)
        : answerJson(request, operations, '1.0'),
    async close() {
      closed.abort();
      await Promise.resolve();
      store.close();
    },
  };
  const operations = {
    ...createQueueOperations(sqs, store, clock),
    ...createMessageOperations(sqs, store),
  };
  return sqs;
}

function checkMessage(body: string, attributes: MessageAttributes, max: number): void {
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (body.search(UNSPEAKABLE) >= 0) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  if (Object.keys(attributes).length > 10) {
    throw new AwsError(
      'InvalidParameterValue',
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    );
  }
  if (messageBytes(body, attributes) > max) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`,
    );
  }
}
