import { expectAlerts, type ExpectedAlert } from '#infra/scenarios/oracle.ts';
import { CLAIMED, DETECTED, killAt, RECORDED } from '#infra/scenarios/kill-at.ts';
import { openScenario, type Scenario, type ScenarioOptions } from '#infra/scenarios/harness.ts';
import type { Snapshot } from '#infra/scenarios/snapshot.ts';
import { makeWorkload, type Put, type WorkloadOptions } from '#infra/scenarios/workload.ts';

/** A workload by its size; what it holds follows from the seed. */
export type Load = Omit<WorkloadOptions, 'seed' | 'from'>;

/** How a run without a fault ended. */
export interface CleanRun {
  puts: Put[];
  expected: ExpectedAlert[];
  snapshot: Snapshot;
  /** Transactions of each kind, so that a kill can be aimed at some of them. */
  commits: Map<RegExp, number>;
  seconds: number;
}

/** What happens to the events instead of the fault; put, and nothing else, unless told. */
export type Calm = (scenario: Scenario, puts: readonly Put[]) => Promise<void>;

const put: Calm = async (scenario, puts) => {
  await scenario.put(puts, { batch: 500 });
};

/** Runs without a fault, each made when it is first asked for. */
export class CleanRuns {
  /** All of one seed start at the same stated time, so that their events are the same. */
  readonly #from = Date.now() - 600_000;
  readonly #runs = new Map<string, Promise<CleanRun>>();

  /** The run of this workload; `calm` is told apart by its name. */
  of(load: Load, seed: number, calm: Calm = put): Promise<CleanRun> {
    const key = JSON.stringify([load, seed, calm.name]);
    const known = this.#runs.get(key);
    if (known) return known;
    const made = this.#run(makeWorkload({ ...load, seed, from: this.#from }), calm);
    this.#runs.set(key, made);
    return made;
  }

  async #run(puts: Put[], calm: Calm): Promise<CleanRun> {
    const started = performance.now();
    const options: ScenarioOptions = {};
    const scenario = await openScenario(options);
    try {
      const counting = killAt(scenario, []);
      await calm(scenario, puts);
      await scenario.settle(600_000);
      const snapshot = await scenario.snapshot();
      const kinds = [DETECTED, CLAIMED, RECORDED];
      return {
        puts,
        expected: expectAlerts(puts.map(({ event }) => event)),
        snapshot,
        commits: new Map(kinds.map((kind) => [kind, counting.counted(kind)])),
        seconds: (performance.now() - started) / 1000,
      };
    } finally {
      await scenario.close();
    }
  }
}
