import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { RuleCost } from '#shared/rule/cost-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

/** One new version of a rule and what is told about it, written all at once. */
export interface RuleChange {
  /** `version` is `expected + 1`. */
  rule: DetectionRule;
  /** The version the writer read; 0 for "must be absent". */
  expected: number;
  journal: readonly JournalEntry[];
  outbox: readonly OutboxRow[];
  /** Kept beside the rule, never in it; absent when it was not measured. */
  cost?: RuleCost | undefined;
}

/** A tenant's detection rules. All methods throw `unavailable` on throttling or network faults. */
export interface RuleStore {
  /** The newest version of every rule, in every state, by id; strongly consistent. */
  list(tenant: string): Promise<DetectionRule[]>;
  /** The newest version; strongly consistent. */
  get(tenant: string, ruleId: string): Promise<DetectionRule | undefined>;
  /** What the newest version of each rule was measured to cost, by id; without those never measured. */
  costs(tenant: string): Promise<ReadonlyMap<string, RuleCost>>;
  /** The same of one rule. */
  costOf(tenant: string, ruleId: string): Promise<RuleCost | undefined>;
  /** Every version, newest first. */
  versions(tenant: string, ruleId: string): Promise<DetectionRule[]>;
  /**
   * Writes rule, version, journal and outbox and moves the tenant's rule set to its next revision: all
   * of it or nothing. Throws `conflict` (with the stored rule as `current`) unless the stored version
   * is `expected`.
   */
  save(tenant: string, change: RuleChange): Promise<void>;
  /** Grows with every save; 0 while nothing was ever saved; strongly consistent. */
  ruleSetRevision(tenant: string): Promise<number>;
}
