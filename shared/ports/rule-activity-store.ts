import type { RuleActivity } from '#shared/rule/activity-schema.ts';

/** Hourly counts of what rules matched. All methods throw `unavailable` on throttling or network faults. */
export interface RuleActivityStore {
  get(tenant: string, hour: number, shard: string): Promise<RuleActivity | undefined>;
  /** Throws `conflict` unless the stored revision is one less (0: absent). Kept for eight days. */
  put(row: RuleActivity): Promise<void>;
  /** Every shard's rows from an hour on. */
  list(tenant: string, fromHour: number): Promise<RuleActivity[]>;
}
