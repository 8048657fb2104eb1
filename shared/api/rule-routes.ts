import * as z from 'zod';

import { RuleCost } from '#shared/rule/cost-schema.ts';
import {
  ImportResult,
  RULE_FORMAT,
  RULE_FORMAT_VERSION,
  RuleDocument,
} from '#shared/rule/document-schema.ts';
import { DetectionRule, ListedRule } from '#shared/rule/schema.ts';
import { TrialBatch, TrialVerdict } from '#shared/rule/trial-schema.ts';

import { ifVersion, none, reason } from './field.ts';

const ruleId = { rule_id: z.string().min(1).max(64) };
/** Lets a rule go live that its tests would not let; needs a reason, and is journalled with it. */
const overrideTests = { override_tests: z.boolean().optional() };
/** As JSON, or as text in a query. */
const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).default(false);

/** A rule as an author writes it: version, author and times are the server's. */
const ruleFields = DetectionRule.omit({
  version: true,
  author: true,
  created_at: true,
  updated_at: true,
}).shape;

/** The schemas of the operations on detection rules. */
export const RULE_ROUTE_SCHEMAS = {
  'rules.list': {
    params: none,
    query: none,
    body: none,
    result: z.object({ items: z.array(ListedRule) }),
  },
  'rules.create': {
    params: none,
    query: none,
    body: { ...ruleFields, ...overrideTests },
    status: 201,
    result: ListedRule,
  },
  'rules.export': { params: none, query: none, body: none, result: RuleDocument },
  'rules.import': {
    params: none,
    query: {
      /** Checks all and says what would happen; writes nothing. */
      dry_run: flag,
      override_tests: flag,
    },
    body: {
      format: z.literal(RULE_FORMAT).optional(),
      format_version: z.literal(RULE_FORMAT_VERSION).optional(),
      /** Each is checked by itself, so that one wrong rule is named and not the whole document. */
      rules: z.array(z.unknown()).max(1_000),
      ...reason,
    },
    list: 'rules',
    body_bytes_max: 4 * 1024 * 1024,
    result: ImportResult,
  },
  'rules.test': {
    params: none,
    query: none,
    body: {
      /** A draft; or the id of a stored rule in `rule_id`. */
      rule: z.record(z.string(), z.unknown()).optional(),
      rule_id: ruleId.rule_id.optional(),
      /** Neither batches nor events: the rule's own tests. */
      batches: z.array(TrialBatch).max(50).optional(),
      events: TrialBatch.shape.events.optional(),
    },
    result: z.object({
      rule_id: z.string(),
      items: z.array(TrialVerdict),
      ...RuleCost.partial().shape,
    }),
  },
  'rules.schema': { params: none, query: none, body: none, result: z.looseObject({}) },
  'rules.get': { params: ruleId, query: none, body: none, result: ListedRule },
  'rules.replace': {
    params: ruleId,
    query: none,
    body: { ...ruleFields, ...ruleId, ...ifVersion, ...overrideTests },
    result: ListedRule,
  },
  'rules.delete': {
    params: ruleId,
    query: none,
    body: { ...ifVersion, ...reason },
    result: DetectionRule,
  },
  'rules.versions': {
    params: ruleId,
    query: none,
    body: none,
    result: z.object({ items: z.array(DetectionRule) }),
  },
  'rules.rollback': {
    params: ruleId,
    query: none,
    body: {
      version: z.number().int().min(1),
      reason: z.string().trim().min(1).max(1024),
      ...ifVersion,
      ...overrideTests,
    },
    result: ListedRule,
  },
  'rules.diff': {
    params: ruleId,
    query: {
      /** The one before `to` unless told. */
      from: z.coerce.number().int().min(1).optional(),
      /** The newest unless told. */
      to: z.coerce.number().int().min(1).optional(),
    },
    body: none,
    result: z.object({
      rule_id: z.string(),
      from: z.number().int(),
      to: z.number().int(),
      /** A side that has nothing at the path is absent. */
      changes: z.array(
        z.object({
          path: z.string(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
        }),
      ),
    }),
  },
} as const;
