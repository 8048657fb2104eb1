import * as z from 'zod';

import { SEVERITIES } from '#shared/kernel/severity.ts';

export const EVENT_CATEGORIES = [
  'authentication',
  'authorization',
  'data_access',
  'system_access',
  'network_access',
  'malware',
  'compliance',
  'audit',
  'operational',
] as const;

/** Largest event after decoding, in bytes of JSON (reliability.md §4). */
export const EVENT_BYTES_MAX = 256 * 1024;
/** Deepest nesting of a record, counting every `{` and `[`. */
export const EVENT_DEPTH_MAX = 32;
/** Largest output of one inflated record, in bytes. */
export const INFLATED_BYTES_MAX = 10 * 1024 * 1024;

/** An immutable fact as every part of Sentry sees it: normalised, bounded, with its tenant known apart. */
export const EventRecord = z.object({
  event_id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(256),
  severity: z.enum(SEVERITIES),
  /** RFC 3339 in UTC with milliseconds. */
  timestamp: z.string(),
  payload: z.unknown(),
  service: z.string().min(1).max(256).optional(),
  category: z.enum(EVENT_CATEGORIES).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  message_id: z.string().max(256).optional(),
  original_severity: z.string().max(64).optional(),
  schema_version: z.string().max(32).optional(),
  /** Set when the stated time was out of bounds and was clamped to arrival −24 h…+5 min. */
  clock_skewed: z.boolean().optional(),
});
export type EventRecord = z.infer<typeof EventRecord>;
