import { createNotifier } from '#functions/_runtime/notify.ts';
import { sns } from '#functions/_runtime/client.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { createSnsEmailTopic } from '#shared/adapters/aws/sns-email.ts';
import { createEmailSender } from '#shared/notification/email-sender.ts';

/** EventBridge event → e-mails that are owed, through the deployment's SNS topic. */
export const notify = createNotifier('email', () =>
  createEmailSender(createSnsEmailTopic(sns(), readEnvironment().SENTRY_TOPIC_ARN)),
);
