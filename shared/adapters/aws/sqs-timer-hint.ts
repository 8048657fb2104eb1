import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { SentryError } from '#shared/kernel/error.ts';
import { HINT_SECONDS_MAX, type TimerHint } from '#shared/ports/timer-hint.ts';

/** Hints as delayed SQS messages; longer waits take several hops. */
export function createSqsTimerHint(client: SQSClient, queueUrl: string): TimerHint {
  return {
    async hint(hint, delayMs) {
      const seconds = Math.min(HINT_SECONDS_MAX, Math.max(0, Math.ceil(delayMs / 1000)));
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        DelaySeconds: seconds,
        MessageBody: JSON.stringify(hint),
      });
      try {
        await client.send(command);
      } catch (cause) {
        throw new SentryError('unavailable', 'The timer queue did not take a hint.', { cause });
      }
    },
  };
}
