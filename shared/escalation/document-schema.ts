import * as z from 'zod';

import { EscalationPolicy } from './schema.ts';

/** Names the document, so that another product's file is refused by name. */
export const POLICY_FORMAT = 'hearthlink-sentry.escalations';
/** Grows when a document of this version could no longer be read as before. */
export const POLICY_FORMAT_VERSION = 1;

/** A policy as an author writes it: version, author and time say how it came, not what it does. */
export const PolicyBody = EscalationPolicy.omit({
  version: true,
  author: true,
  updated_at: true,
  removed: true,
});

/** All policies in force, by id: the same policies always give the same text. */
export const PolicyDocument = z.object({
  format: z.literal(POLICY_FORMAT),
  format_version: z.literal(POLICY_FORMAT_VERSION),
  policies: z.array(PolicyBody),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** What an import does with the policy at `index`; `refused` says why by path inside that policy. */
export const PolicyOutcome = z.object({
  index: z.number().int(),
  policy_id: z.string().optional(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type PolicyOutcome = z.infer<typeof PolicyOutcome>;

export const PolicyImport = z.object({
  /** False for a dry run, and when any policy was refused before the first was written. */
  applied: z.boolean(),
  items: z.array(PolicyOutcome),
});
export type PolicyImport = z.infer<typeof PolicyImport>;
