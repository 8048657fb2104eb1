import * as z from 'zod';

import { operation } from '#infra/local/wire/json.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';

import { checkBatch, eachEntry } from './batch.ts';
import { attributesDigest, bodyDigest } from './checksum.ts';
import { describeMessage } from './describe.ts';
import { queueOfUrl } from './queue.ts';
import { INVALID, named, QueueUrl } from './queue-operation.ts';
import type { Sqs } from './sqs.ts';
import type { QueueStore } from './store.ts';

const Attributes = z.record(
  z.string(),
  z.looseObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);
const Message = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().int().min(0).max(900).optional(),
  MessageAttributes: Attributes.optional(),
});
const Visibility = z.number().int().min(0).max(43_200);

/** Operations on messages, over the JSON protocol's shapes. */
export function createMessageOperations(
  sqs: Sqs,
  store: QueueStore,
): Record<string, JsonOperation> {
  const sent = (message: z.infer<typeof Message>, id: string) => ({
    MessageId: id,
    MD5OfMessageBody: bodyDigest(message.MessageBody),
    MD5OfMessageAttributes: attributesDigest(message.MessageAttributes ?? {}),
  });
  const outgoing = (message: z.infer<typeof Message>) => ({
    body: message.MessageBody,
    delaySeconds: message.DelaySeconds,
    attributes: message.MessageAttributes ?? {},
  });

  return {
    SendMessage: operation(
      QueueUrl.extend(Message.shape),
      (input) => sent(input, sqs.send(queueOfUrl(input.QueueUrl), [outgoing(input)])[0]!),
      INVALID,
    ),
    SendMessageBatch: operation(
      QueueUrl.extend({ Entries: z.array(Message.extend({ Id: z.string().max(80) })) }),
      (input) => {
        checkBatch(input.Entries);
        return eachEntry(input.Entries, (entry) =>
          sent(entry, sqs.send(queueOfUrl(input.QueueUrl), [outgoing(entry)])[0]!),
        );
      },
      INVALID,
    ),
    ReceiveMessage: operation(
      QueueUrl.extend({
        MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
        WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
        VisibilityTimeout: Visibility.optional(),
        AttributeNames: z.array(z.string()).default([]),
        MessageSystemAttributeNames: z.array(z.string()).default([]),
        MessageAttributeNames: z.array(z.string()).default([]),
      }),
      async (input) => {
        const messages = await sqs.receive(queueOfUrl(input.QueueUrl), {
          max: input.MaxNumberOfMessages,
          waitSeconds: input.WaitTimeSeconds,
          visibilitySeconds: input.VisibilityTimeout,
        });
        const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
        return messages.length === 0
          ? {}
          : {
              Messages: messages.map((message) =>
                describeMessage(message, system, input.MessageAttributeNames),
              ),
            };
      },
      INVALID,
    ),
    DeleteMessage: operation(
      QueueUrl.extend({ ReceiptHandle: z.string() }),
      (input) => void sqs.delete(queueOfUrl(input.QueueUrl), input.ReceiptHandle),
      INVALID,
    ),
    DeleteMessageBatch: operation(
      QueueUrl.extend({
        Entries: z.array(z.object({ Id: z.string(), ReceiptHandle: z.string() })),
      }),
      (input) => {
        checkBatch(input.Entries);
        const queue = named(store, input.QueueUrl);
        return eachEntry(input.Entries, (entry) => void sqs.delete(queue, entry.ReceiptHandle));
      },
      INVALID,
    ),
    ChangeMessageVisibility: operation(
      QueueUrl.extend({ ReceiptHandle: z.string(), VisibilityTimeout: Visibility }),
      (input) =>
        sqs.changeVisibility(
          queueOfUrl(input.QueueUrl),
          input.ReceiptHandle,
          input.VisibilityTimeout,
        ),
      INVALID,
    ),
    ChangeMessageVisibilityBatch: operation(
      QueueUrl.extend({
        Entries: z.array(
          z.object({ Id: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: Visibility }),
        ),
      }),
      (input) => {
        checkBatch(input.Entries);
        const queue = named(store, input.QueueUrl);
        return eachEntry(input.Entries, (entry) =>
          sqs.changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout),
        );
      },
      INVALID,
    ),
  };
}
