import * as z from 'zod';

import { DocumentId, Matchers } from '#shared/silence/schema.ts';

/**
 * Alerts that match are told to nobody while work is planned: once, or again and again by a rule of
 * RFC 5545. It begins at the same wall time all year, whatever the clocks do.
 */
export const MaintenanceWindow = z.object({
  maintenance_id: DocumentId,
  comment: z.string().trim().min(1, 'says what is done').max(1024),
  matchers: Matchers,
  /** IANA name, e.g. `Europe/Berlin`. */
  time_zone: z.string().min(1).max(64),
  /** Wall time of the first window, e.g. `2026-03-01T22:00`. */
  starts_at: z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/,
      'is a wall time such as 2026-03-01T22:00',
    ),
  duration_minutes: z.number().int().min(1).max(10_080),
  /** E.g. `FREQ=WEEKLY;BYDAY=SU`; absent: only once. */
  rrule: z.string().min(1).max(256).optional(),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;
