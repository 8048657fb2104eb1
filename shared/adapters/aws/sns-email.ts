import { PublishCommand, type SNSClient, SNSServiceException } from '@aws-sdk/client-sns';

import type { SendOutcome } from '#shared/ports/channel-sender.ts';
import type { EmailTopic } from '#shared/ports/email-topic.ts';

/** A rejection that will be the same next time: the request or its permission is wrong. */
function isPermanent(error: unknown): error is SNSServiceException {
  if (!(error instanceof SNSServiceException) || error.$retryable !== undefined) return false;
  const status = error.$metadata.httpStatusCode ?? 500;
  return status >= 400 && status < 500 && status !== 429 && !error.name.includes('Throttl');
}

/** Mail through an SNS topic; `topicArn` is the deployment's own. */
export function createSnsEmailTopic(client: SNSClient, topicArn: string): EmailTopic {
  return {
    async publish({ subject, body, topic_arn }): Promise<SendOutcome> {
      const TopicArn = topic_arn ?? topicArn;
      if (TopicArn === '') return { kind: 'permanent', error: 'there is no topic for e-mail' };
      try {
        const command = new PublishCommand({ TopicArn, Subject: subject, Message: body });
        const { MessageId } = await client.send(command);
        return { kind: 'delivered', receipt: MessageId ?? 'published' };
      } catch (error) {
        if (isPermanent(error)) return { kind: 'permanent', error: `SNS: ${error.name}` };
        const name = error instanceof Error ? error.name : 'failed';
        return { kind: 'retryable', error: `SNS: ${name}`, may_have_arrived: true };
      }
    },
  };
}
