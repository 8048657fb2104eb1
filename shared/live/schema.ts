import * as z from 'zod';

import { Alert, ALERT_STATES } from '#shared/alert/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';

/** Topics whose frames are numbered and kept for 15 minutes, so that a viewer can resume. */
export const RECOVERABLE_TOPICS = ['alerts', 'deliveries', 'rules'] as const;
export type RecoverableTopic = (typeof RECOVERABLE_TOPICS)[number];

/** All topics. `feed` is lossy: sampled events, neither numbered nor kept. */
export const TOPICS = [...RECOVERABLE_TOPICS, 'feed'] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * An alert as lists and the live view carry it: all but evidence and explanation, long texts cut,
 * so that one line stays under 4 KiB. `alerts.get` has the whole.
 */
export const AlertLine = Alert.omit({ evidence: true, explain: true });
export type AlertLine = z.infer<typeof AlertLine>;

/**
 * In place of a line that the subscription's filter does not select (any more): show the alert no longer. Sent
 * whenever state, severity or text may have changed the selection, so a viewer never keeps a stale line.
 */
export const AlertGone = z.object({
  alert_id: z.string(),
  revision: z.number().int(),
  gone: z.literal(true),
});
export type AlertGone = z.infer<typeof AlertGone>;

/** Which alerts; an absent field selects all. The same words as the query of `GET /v1/alerts`. */
export const AlertQuery = z.strictObject({
  state: z.array(z.enum(ALERT_STATES)).max(3).optional(),
  severity: z.array(z.enum(SEVERITIES)).max(4).optional(),
  service: z.array(z.string().max(256)).max(50).optional(),
  /** Case-insensitive part of title, alert id, rule id, service or assignee. */
  q: z.string().max(256).optional(),
});
export type AlertQuery = z.infer<typeof AlertQuery>;

/** What a viewer wants to see of a topic; fields that the topic does not know are refused. */
export const Subscription = z.discriminatedUnion('topic', [
  z.strictObject({ topic: z.literal('alerts'), filter: AlertQuery.default({}) }),
  z.strictObject({
    topic: z.literal('deliveries'),
    filter: z.strictObject({ alert_id: z.string().max(128).optional() }).default({}),
  }),
  z.strictObject({ topic: z.literal('rules'), filter: z.strictObject({}).default({}) }),
  z.strictObject({
    topic: z.literal('feed'),
    filter: z
      .strictObject({
        severity: z.array(z.enum(SEVERITIES)).max(4).optional(),
        service: z.array(z.string().max(256)).max(50).optional(),
      })
      .default({}),
  }),
]);
export type Subscription = z.infer<typeof Subscription>;

/** A place in a topic. Another epoch means the numbering began anew: take a new snapshot. */
export const Position = z.strictObject({
  epoch: z.string().min(1).max(64),
  /** Number of the last frame that is contained; 0 before the first. */
  offset: z.number().int().min(0),
});
export type Position = z.infer<typeof Position>;

/** A delivery in few words; `GET /v1/alerts/{alert_id}/deliveries` has the whole. */
export const DeliveryLine = z.object({
  delivery_key: z.string(),
  alert_id: z.string(),
  channel: z.string(),
  destination: z.string(),
  status: z.string(),
  updated_at: z.string(),
  revision: z.number().int(),
});
export type DeliveryLine = z.infer<typeof DeliveryLine>;

/** Says that a rule changed; `rules.get` has the rule. */
export const RuleLine = z.object({
  rule_id: z.string(),
  name: z.string(),
  state: z.string(),
  severity: z.string(),
  version: z.number().int(),
});
export type RuleLine = z.infer<typeof RuleLine>;

/** One event as the feed shows it: no payload. */
export const FeedEvent = z.object({
  event_id: z.string(),
  timestamp: z.string(),
  source: z.string(),
  type: z.string(),
  severity: z.enum(SEVERITIES),
  service: z.string().optional(),
});
export type FeedEvent = z.infer<typeof FeedEvent>;

/** An item of a numbered frame. */
export type FrameItem = AlertLine | AlertGone | DeliveryLine | RuleLine;

/**
 * What one detect batch shows of itself: a sample of its events and exact counts. The JSON of a
 * FEED row's `frame_json`, and after merging the item of a feed push.
 */
export const FeedFrame = z.object({
  /** RFC 3339, when the batch was folded. */
  at: z.string(),
  /** At most 20. */
  events: z.array(FeedEvent),
  /** Events of the batch, sampled or not. */
  total: z.number().int(),
  /** Events not shown: total − events. */
  dropped: z.number().int(),
  /** How often its events matched a rule; absent where that was not counted. */
  matches: z.number().int().optional(),
  /** Events per second over the span of the frame. */
  rate: z.number(),
  /** Exact counts by service; events without one under `—`. */
  per_service: z.record(
    z.string(),
    z.object({ total: z.number().int(), errors: z.number().int() }),
  ),
});
export type FeedFrame = z.infer<typeof FeedFrame>;
