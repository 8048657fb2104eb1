import * as z from 'zod';

import { DetectionRule } from './schema.ts';

/** Names the document, so that another product's file is refused by name. */
export const RULE_FORMAT = 'hearthlink-sentry.rules';
/** Grows when a document of this version could no longer be read as before. */
export const RULE_FORMAT_VERSION = 1;

/** A rule as an author writes it: version, author, reason and times say how it came, not what it does. */
export const RuleBody = DetectionRule.omit({
  version: true,
  author: true,
  reason: true,
  created_at: true,
  updated_at: true,
});
type RuleBody = z.infer<typeof RuleBody>;

/** All rules of a tenant, archived ones too, by id: the same rules always give the same text. */
export const RuleDocument = z.object({
  format: z.literal(RULE_FORMAT),
  format_version: z.literal(RULE_FORMAT_VERSION),
  rules: z.array(RuleBody),
});
export type RuleDocument = z.infer<typeof RuleDocument>;

/** What an import does with the rule at `index`; `refused` says why by path inside that rule. */
export const ImportOutcome = z.object({
  index: z.number().int(),
  /** Absent when the rule has none that can be read. */
  rule_id: z.string().optional(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
  /** The version that stands after it; absent for a refused rule. */
  version: z.number().int().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type ImportOutcome = z.infer<typeof ImportOutcome>;

export const ImportResult = z.object({
  /** False for a dry run, and when any rule was refused before the first was written. */
  applied: z.boolean(),
  items: z.array(ImportOutcome),
});
export type ImportResult = z.infer<typeof ImportResult>;
