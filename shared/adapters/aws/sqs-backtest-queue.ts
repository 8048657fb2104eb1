import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestQueue } from '#shared/ports/backtest-queue.ts';

/** Calls as SQS messages. */
export function createSqsBacktestQueue(client: SQSClient, queueUrl: string): BacktestQueue {
  return {
    async call(call, delaySeconds) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        DelaySeconds: delaySeconds,
        MessageBody: JSON.stringify(call),
      });
      try {
        await client.send(command);
      } catch (cause) {
        throw new SentryError('unavailable', 'The backtest queue did not take a call.', { cause });
      }
    },
  };
}
