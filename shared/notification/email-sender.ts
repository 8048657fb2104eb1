import type { ChannelSender } from '#shared/ports/channel-sender.ts';
import type { EmailTopic } from '#shared/ports/email-topic.ts';

import { renderEmail } from './message/email.ts';

/** Speaks by e-mail, through a topic. */
export function createEmailSender(topic: EmailTopic): ChannelSender {
  return { send: (notice) => topic.publish(renderEmail(notice)) };
}
