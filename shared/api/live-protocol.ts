import * as z from 'zod';

import { FRAME_KEPT_MS, PUSH_BYTES_MAX, SNAPSHOT_ITEMS_MAX } from '#shared/live/limits.ts';
import {
  AlertGone,
  AlertLine,
  DeliveryLine,
  FeedFrame,
  Position,
  RECOVERABLE_TOPICS,
  RuleLine,
  TOPICS,
} from '#shared/live/schema.ts';

/**
 * The live protocol `sentry.v1.json`: JSON-RPC 2.0 over the WebSocket API, one object per message,
 * no batches. Every route with `live: true` is a method too (path, query and body fields in one
 * `params` object); besides there are `hello`, `ping`, `subscribe` and `unsubscribe`.
 *
 * How a viewer stays exact:
 * 1. `subscribe`. `mode: snapshot` replaces what the viewer holds of the topic; parts that did not fit
 *    come before the result as `snapshot` notifications. `mode: replay` continues from `since`.
 *    Hold `event` frames back until the result is there.
 * 2. Merge items by (alert_id, revision): the higher revision wins, in whatever order they come. An item
 *    `{alert_id, revision, gone: true}` says that the filter does not select the alert (any more): show it
 *    no longer, but keep its revision, so that an older line that is repeated does not bring it back.
 * 3. An `event` whose `from` is not `position.offset + 1` is a gap: wait 500 ms for the missing frame
 *    (two frames may overtake each other), then `subscribe` again with `since`. Frames without an item
 *    for the viewer's filter come as an empty range, so offsets have no holes of their own.
 * 4. `ping` (every 30 s) answers with `heads`; a head beyond the viewer's position means a lost push.
 * 5. `bye` comes before a close that the server starts: 4401 token expired.
 */
export const LIVE_PROTOCOL = 'sentry.v1.json';

export const LIVE_LIMITS = {
  /** Largest message a viewer may send, bytes. */
  messageBytesMax: 128 * 1024,
  /** Largest push, bytes. */
  pushBytesMax: PUSH_BYTES_MAX,
  /** Largest part of a snapshot or result, bytes; API Gateway's limit is 128 KiB. */
  resultBytesMax: 120 * 1024,
  /** Deepest nesting of a message. */
  depthMax: 32,
  messagesPerSecondMax: 50,
  /** Items in a snapshot. */
  snapshotItemsMax: SNAPSHOT_ITEMS_MAX,
  /** How long frames are kept for a resume, seconds. */
  frameSecondsKept: FRAME_KEPT_MS / 1000,
  idleSeconds: 600,
  connectionSecondsMax: 7200,
} as const;

export const RpcId = z.union([z.string().max(64), z.number()]);
export const RpcRequest = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: RpcId.optional(),
  method: z.string().min(1).max(64),
  params: z.record(z.string(), z.unknown()).optional(),
});
export type RpcRequest = z.infer<typeof RpcRequest>;

export const RpcError = z.object({
  /** See `RPC_CODES` in problem.ts. */
  code: z.number().int(),
  message: z.string(),
  /** A problem document as in REST: `code` is the stable word, `current` the winner of a conflict. */
  data: z.record(z.string(), z.unknown()).optional(),
});
export type RpcError = z.infer<typeof RpcError>;

/** Where each recoverable topic stands now. */
export const Heads = z.partialRecord(z.enum(RECOVERABLE_TOPICS), Position);
export type Heads = z.infer<typeof Heads>;

export const HelloResult = z.object({
  protocol: z.literal(LIVE_PROTOCOL),
  principal: z.object({ tenant: z.string(), actor: z.string(), scopes: z.array(z.string()) }),
  /** RFC 3339. */
  server_time: z.string(),
  /** When the token behind the connection expires, RFC 3339. */
  expires_at: z.string(),
  limits: z.record(z.string(), z.number()),
  topics: z.array(z.enum(TOPICS)),
  methods: z.array(z.string()),
  heads: Heads,
});
export type HelloResult = z.infer<typeof HelloResult>;

export const PingResult = z.object({ server_time: z.string(), heads: Heads });
export type PingResult = z.infer<typeof PingResult>;

/** An item of a numbered topic: alerts → AlertLine or AlertGone, deliveries → DeliveryLine, rules → RuleLine. */
const LiveItem = z.union([AlertLine, AlertGone, DeliveryLine, RuleLine]);

export const SubscribeResult = z.object({
  topic: z.enum(TOPICS),
  mode: z.enum(['snapshot', 'replay']),
  items: z.array(LiveItem),
  /** Absent for `feed`. */
  position: Position.optional(),
  /** True when more items match than a snapshot holds: page the rest with `alerts.list`. */
  truncated: z.boolean(),
});
export type SubscribeResult = z.infer<typeof SubscribeResult>;

export const UnsubscribeParams = z.strictObject({ topic: z.enum(TOPICS) });
export const UnsubscribeResult = z.object({ topic: z.enum(TOPICS) });

/** Frames `from`…`to` of a recoverable topic, as far as the subscription selects. */
export const EventNotification = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.literal('event'),
  params: z.object({
    topic: z.enum(RECOVERABLE_TOPICS),
    epoch: z.string(),
    from: z.number().int(),
    to: z.number().int(),
    items: z.array(LiveItem),
  }),
});

/** A part of the snapshot whose result follows. */
export const SnapshotNotification = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.literal('snapshot'),
  params: z.object({ topic: z.enum(TOPICS), items: z.array(LiveItem) }),
});

/** What the stream just carried, sampled; lossy. */
export const FeedNotification = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.literal('feed'),
  params: FeedFrame,
});

/** The server is about to close the connection. */
export const ByeNotification = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.literal('bye'),
  params: z.object({ code: z.number().int(), reason: z.string() }),
});
