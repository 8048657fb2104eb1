import type { Backtest, BacktestResult } from '#shared/backtest/schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

/** Jobs of backtests, kept for seven days. All methods throw `unavailable` on throttling or network faults. */
export interface BacktestStore {
  /** Writes a new job (revision 1) and its rules; an empty list stands for those in force when it runs. */
  create(job: Backtest, rules: readonly DetectionRule[]): Promise<void>;
  /** Strongly consistent. */
  get(tenant: string, backtestId: string): Promise<Backtest | undefined>;
  rules(tenant: string, backtestId: string): Promise<DetectionRule[]>;
  result(tenant: string, backtestId: string): Promise<BacktestResult | undefined>;
  /** Newest first; `limit` ≤ 100. */
  list(tenant: string, limit: number): Promise<Backtest[]>;
  /** Replaces the job, and puts its result before; throws `conflict` unless the stored revision is `job.revision - 1`. */
  save(job: Backtest, result?: BacktestResult): Promise<void>;
  /** Takes or keeps the tenant's one place for running jobs until `until`; false while another job has it. */
  takePlace(tenant: string, backtestId: string, until: number): Promise<boolean>;
  /** Gives it back; nothing happens when another job has it. */
  leavePlace(tenant: string, backtestId: string): Promise<void>;
}
