import * as z from 'zod';

export const CHANNELS = ['email', 'slack', 'pagerduty', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

export const DELIVERY_STATUSES = ['QUEUED', 'SENT', 'CONFIRMED', 'RETRYING', 'DEAD'] as const;

/** What the receiver should know now: the alert's state in the words of the channel. */
export const INTENTS = ['trigger', 'acknowledge', 'resolve'] as const;
export type Intent = (typeof INTENTS)[number];

/**
 * One message to one destination for one step, level-triggered: `desired` is what the alert's state
 * asks for, `sent` what the receiver was last told; equal means there is nothing to do.
 */
export const Delivery = z.object({
  delivery_key: z.string(),
  tenant: z.string(),
  alert_id: z.string(),
  step: z.number().int(),
  channel: z.enum(CHANNELS),
  /** The channel configuration's id, e.g. `slack-ops`. */
  destination: z.string(),
  /** Who was on call when the step was taken, and by which version of which schedule. */
  for_user: z.string().optional(),
  schedule_id: z.string().optional(),
  schedule_version: z.number().int().optional(),
  status: z.enum(DELIVERY_STATUSES),
  desired: z.enum(INTENTS),
  sent: z.enum(INTENTS).optional(),
  /** Which message of a group of alerts is wanted; absent for the first, and for an alert by itself. */
  message: z.number().int().optional(),
  /** How often it had to wait because its receiver's limit was reached. */
  put_off: z.number().int().optional(),
  /** Attempts since `desired` last changed. */
  attempts: z.number().int(),
  created_at: z.string(),
  updated_at: z.string(),
  /** When `desired` last changed; retries end 24 h later, or 24 h after `redriven_at`. */
  desired_at: z.string(),
  /** When somebody last took it up again after it was given up. */
  redriven_at: z.string().optional(),
  /** RFC 3339; the sweeper takes it up from then on. Absent when nothing is owed. */
  next_attempt_at: z.string().optional(),
  lease_owner: z.string().optional(),
  lease_until: z.string().optional(),
  last_error: z.string().optional(),
  /** The receiver's answer to the last success, in a few words. */
  receipt: z.string().optional(),
  sent_at: z.string().optional(),
  /** The intent of an attempt whose end nobody recorded or whose answer never came: the receiver may know it. */
  tried: z.enum(INTENTS).optional(),
  /** Where later intents go: the version of PagerDuty's routing key, or Slack's message `<channel>:<ts>`. */
  destination_ref: z.string().optional(),
  /** RFC 3339; set while its alert is RESOLVED, carried along by every other writer. */
  expires_at: z.string().optional(),
  revision: z.number().int(),
});
export type Delivery = z.infer<typeof Delivery>;

/** A configured destination. Secrets are named, never stored: `secret` is a parameter's name. */
export const ChannelConfig = z.object({
  channel_id: z.string().regex(/^[\w.-]{1,64}$/u, 'has letters, digits, _ . - only, at most 64'),
  channel: z.enum(CHANNELS),
  name: z.string().min(1).max(120),
  enabled: z.boolean().default(true),
  /**
   * Slack: parameter holding an incoming webhook's URL, or `{"bot_token", "channel"}` as JSON. PagerDuty: holding the routing key. Webhook: holding
   * `{"url", "signing_key"}` as JSON, or the URL alone. E-mail: none, it goes to the SNS topic.
   */
  secret: z.string().optional(),
  topic_arn: z.string().optional(),
  /** PagerDuty: another enqueue address, e.g. of the EU region. Slack bot: another Web API, e.g. of GovSlack. */
  url: z.string().optional(),
  /** Where to go when this one is dead. */
  secondary: z.string().min(1).max(64).optional(),
  /** Slack: messages carry buttons that acknowledge and resolve; off unless told. */
  interactive: z.boolean().optional(),
});
export type ChannelConfig = z.infer<typeof ChannelConfig>;

/** A channel as a tenant's people write it. Which parameter holds its secret is not theirs to say. */
export const OwnChannel = ChannelConfig.omit({ secret: true, topic_arn: true }).extend({
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type OwnChannel = z.infer<typeof OwnChannel>;
