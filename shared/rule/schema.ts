import * as z from 'zod';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { EVENT_CATEGORIES } from '#shared/event/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';
import { EventPattern } from '#shared/pattern/schema.ts';

import { RuleCost } from './cost-schema.ts';

export const RULE_STATES = ['DRAFT', 'STAGED', 'ENABLED', 'DISABLED', 'ARCHIVED'] as const;

/** Labelled events of a rule: `fires` must open an alert, `quiet` must not. Run by `npm test`. */
export const RuleTest = z.object({
  name: z.string(),
  expect: z.enum(['fires', 'quiet']),
  /** Native EventRecords; `timestamp` may be `+<seconds>` relative to the first. */
  events: z.array(z.record(z.string(), z.unknown())).min(1),
});
export type RuleTest = z.infer<typeof RuleTest>;

/** A versioned detection rule. `pattern` is an EventBridge event pattern over the EventRecord. */
export const DetectionRule = z.object({
  rule_id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string().min(1).max(128),
  description: z.string().max(1024).default(''),
  state: z.enum(RULE_STATES).default('ENABLED'),
  severity: z.enum(SEVERITIES),
  category: z.enum(EVENT_CATEGORIES).optional(),
  pattern: EventPattern,
  detector: DetectorConfig,
  /** Dotted paths whose values make the group; each group has its own alert. */
  group_by: z.array(z.string().min(1)).max(5).default([]),
  /** May hold `{dotted.path}`; a missing value renders as ‹path›. */
  title: z.string().min(1).max(256),
  /** May hold `{dotted.path}` after its host; values and missing fields (‹path›) are percent-encoded. */
  runbook_url: z.string().max(1024).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** A match this soon after the resolve reopens the same alert; later starts a new episode. */
  reopen_window_seconds: z
    .number()
    .int()
    .min(0)
    .max(86_400 * 7)
    .default(300),
  tests: z.array(RuleTest).default([]),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  reason: z.string().default(''),
  created_at: z.string().default('1970-01-01T00:00:00.000Z'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
});
export type DetectionRule = z.infer<typeof DetectionRule>;

/** A rule as the list of rules shows it. */
export const ListedRule = DetectionRule.extend({
  /** When it fires, in a line, as its kind of detector says it. */
  condition: z.string().optional(),
  /** What it costs, where that was measured. */
  ...RuleCost.partial().shape,
  /** Events its pattern matched in the last 24 h, by hours of arrival: the oldest hour counts whole. */
  matches_24h: z.number().int().optional(),
});
export type ListedRule = z.infer<typeof ListedRule>;
