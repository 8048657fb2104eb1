import * as z from 'zod';

export const SECURITY_LEVELS = [
  'public',
  'internal',
  'confidential',
  'restricted',
  'top_secret',
] as const;

/** An append-only fact about one subject; the timeline and the audit ledger are views of it. */
export const JournalEntry = z.object({
  entry_id: z.string(),
  tenant: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  /** `{noun}.{verb}`, e.g. `alert.acknowledge`. */
  action: z.string(),
  actor: z.string(),
  at: z.string(),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  reason: z.string().optional(),
  correlation_id: z.string(),
  ip_address: z.string().optional(),
  risk_score: z.number().optional(),
  security_level: z.enum(SECURITY_LEVELS),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** What a responder reads: one line of the history of an alert or an incident. */
export const TimelineEntry = z.object({
  timeline_id: z.string(),
  /** What the line is about, where it is about one. */
  alert_id: z.string().optional(),
  incident_id: z.string().optional(),
  event_id: z.string().optional(),
  delivery_key: z.string().optional(),
  /** The receiver's own id of a message: its receipt. */
  message_id: z.string().optional(),
  entry: z.string(),
  timestamp: z.string(),
  actor: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Charter v1.0: the `detail` of everything on EventBridge; `type` is also the detail-type. */
export const Envelope = z.object({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  target: z.string().nullable(),
  /** Unix seconds, fractional. */
  timestamp: z.number(),
  payload: z.record(z.string(), z.unknown()),
  meta: z.object({ correlation_id: z.string(), version: z.literal('1.0') }),
});
export type Envelope = z.infer<typeof Envelope>;

/** Something to announce; written in the commit, deleted only after EventBridge took it. */
export interface OutboxRow {
  outbox_id: string;
  tenant: string;
  created_at: string;
  envelope: Envelope;
}
