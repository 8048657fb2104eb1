import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';

import type { Backtest, BacktestProgress, BacktestResult } from './schema.ts';

/** How often a run says how far it is, and so how soon it sees that it was cancelled. */
const BEAT_MS = 1_000;
/** A run that is silent for so long is dead. */
const LEASE_MS = 60_000;
/** The place goes with the run, but is renewed less often. */
const PLACE_BEAT_MS = 20_000;

/** Someone else changed the job: it was cancelled. */
export class Stopped extends Error {}

/** A job while it runs: its place, its signs of life, its end. Every write throws `Stopped` once the job is no longer ours. */
export class JobLife {
  readonly #backtests: BacktestStore;
  readonly #clock: Clock;
  #job: Backtest;
  #startedAt = 0;
  #beatAt = 0;
  #placeAt = 0;
  #isBeating = false;

  constructor(backtests: BacktestStore, clock: Clock, job: Backtest) {
    this.#backtests = backtests;
    this.#clock = clock;
    this.#job = job;
  }

  /** Since `begin`. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /** False while another job of the tenant runs; else it is ours until it is left or goes silent. */
  async takePlace(): Promise<boolean> {
    const { tenant, backtest_id } = this.#job;
    this.#placeAt = this.#clock.now();
    return this.#backtests.takePlace(tenant, backtest_id, this.#placeAt + LEASE_MS);
  }

  async leavePlace(): Promise<void> {
    await this.#backtests.leavePlace(this.#job.tenant, this.#job.backtest_id);
  }

  async begin(): Promise<void> {
    this.#startedAt = this.#beatAt = this.#clock.now();
    await this.#save({
      state: 'RUNNING',
      started_at: iso(this.#startedAt),
      lease_until: iso(this.#startedAt + LEASE_MS),
    });
  }

  /** Says how far the run is; at most once a second, unless it is the last word. */
  async beat(progress: Omit<BacktestProgress, 'elapsed_seconds'>, isLast = false): Promise<void> {
    const now = this.#clock.now();
    if (this.#isBeating || (!isLast && now - this.#beatAt < BEAT_MS)) return;
    this.#isBeating = true;
    this.#beatAt = now;
    try {
      if (now - this.#placeAt >= PLACE_BEAT_MS) await this.takePlace();
      await this.#save({
        lease_until: iso(now + LEASE_MS),
        progress: { ...progress, elapsed_seconds: this.elapsedMs / 1000 },
      });
    } finally {
      this.#isBeating = false;
    }
  }

  async end(
    state: 'DONE' | 'FAILED',
    { result, error }: { result?: BacktestResult; error?: string },
  ): Promise<void> {
    const ended_at = iso(this.#clock.now());
    await this.#save({ state, ended_at, ...(error !== undefined && { error }) }, result);
  }

  async #save(fields: Partial<Backtest>, result?: BacktestResult): Promise<void> {
    const job = { ...this.#job, ...fields, revision: this.#job.revision + 1 };
    try {
      await this.#backtests.save(job, result);
    } catch (error) {
      if (error instanceof SentryError && error.code === 'conflict') throw new Stopped();
      throw error;
    }
    this.#job = job;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
