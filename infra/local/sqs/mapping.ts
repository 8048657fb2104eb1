import type { LocalClock } from '#infra/local/clock.ts';
import type { Invoker } from '#infra/local/service.ts';
import { LOCAL_REGION } from '#infra/local/service.ts';

import { attributesDigest, bodyDigest } from './checksum.ts';
import { systemAttributes } from './describe.ts';
import { queueArn } from './queue.ts';
import type { Sqs } from './sqs.ts';
import type { StoredMessage } from './store.ts';

export interface QueueMapping {
  /** Stops polling and waits for the invocation under way. */
  close(): Promise<void>;
}

/**
 * A Lambda event source mapping over a queue. Messages are deleted after a success; after a function
 * error all of the batch, and after a partial one those in `batchItemFailures`, come back when their
 * visibility timeout ends. Source: AWS Lambda Developer Guide, "Handling errors for an SQS event source".
 */
export function createQueueMapping(
  settings: { queue: string; functionName: string; batchSize: number; reportItemFailures: boolean },
  { sqs, invoker, clock }: { sqs: Sqs; invoker: Invoker; clock: LocalClock },
): QueueMapping {
  const stopped = new AbortController();

  async function deliver(messages: readonly StoredMessage[]): Promise<void> {
    const event = { Records: messages.map((message) => toRecord(message, settings.queue)) };
    let failed: ReadonlySet<string> | 'all';
    try {
      const result = await invoker.invoke(settings.functionName, event);
      failed = settings.reportItemFailures ? readFailures(result, messages) : new Set();
    } catch {
      failed = 'all';
    }
    if (failed === 'all') return;
    for (const message of messages) {
      if (!failed.has(message.message_id)) sqs.delete(settings.queue, message.receipt);
    }
  }

  async function poll(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        const messages = await sqs.receive(settings.queue, {
          max: settings.batchSize,
          waitSeconds: 20,
          signal: stopped.signal,
        });
        if (messages.length > 0) await deliver(messages);
      } catch {
        // The queue is gone or its file is closed: look again in a second, or stop.
        if (!stopped.signal.aborted) await pause(clock, 1000, stopped.signal);
      }
    }
  }

  const polling = poll();
  return {
    async close() {
      stopped.abort();
      await polling;
    },
  };
}

function pause(clock: LocalClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}

/** `Records[i]` as Lambda hands it over (Lambda Developer Guide, "Example standard queue message event"). */
function toRecord(message: StoredMessage, queue: string): Record<string, unknown> {
  const attributes = Object.entries(message.attributes).map(([name, attribute]) => [
    name,
    {
      ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
      ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  const digest = attributesDigest(message.attributes);
  return {
    messageId: message.message_id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(attributes) as unknown,
    md5OfBody: bodyDigest(message.body),
    ...(digest ? { md5OfMessageAttributes: digest } : {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn(queue),
    awsRegion: LOCAL_REGION,
  };
}

/** Null, empty or absent lists mean success; an unknown or empty identifier fails the whole batch. */
function readFailures(
  result: unknown,
  messages: readonly StoredMessage[],
): ReadonlySet<string> | 'all' {
  if (typeof result !== 'object' || result === null) return new Set();
  const failures = (result as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const known = new Set(messages.map((message) => message.message_id));
  const failed = new Set<string>();
  for (const failure of failures as { itemIdentifier?: unknown }[]) {
    const id = failure?.itemIdentifier;
    if (typeof id !== 'string' || !known.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}
