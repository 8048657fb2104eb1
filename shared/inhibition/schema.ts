import * as z from 'zod';

import { DocumentId, Matcher, Matchers } from '#shared/silence/schema.ts';

/**
 * While an active alert matches `source`, alerts that match `target` and agree with it in every field
 * of `equal` are told to nobody.
 */
export const Inhibition = z.object({
  inhibition_id: DocumentId,
  comment: z.string().trim().min(1, 'says why').max(1024),
  source: Matchers,
  target: Matchers,
  /** Fields as in matchers. Two that are both missing are equal. */
  equal: z.array(Matcher.shape.field).max(10).default([]),
  /** CRITICAL alerts are held back only where this says so. */
  holds_critical: z.boolean().default(false),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type Inhibition = z.infer<typeof Inhibition>;
