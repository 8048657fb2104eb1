import type { SendOutcome } from '#shared/ports/channel-sender.ts';

/** A mail as plain text. `subject` is at most 100 printable ASCII characters. */
export interface Email {
  subject: string;
  body: string;
  /** Where to; absent means the deployment's own topic. */
  topic_arn?: string;
}

/** Sends mail to everybody subscribed to a topic. */
export interface EmailTopic {
  /** The receipt is the topic's message id. Faults are outcomes, never thrown. */
  publish(email: Email): Promise<SendOutcome>;
}
