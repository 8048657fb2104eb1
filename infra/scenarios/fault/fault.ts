import type { CleanRuns } from './clean-run.ts';

/** The short form is a test; the long one is `npm run test:faults`. */
export type Size = 'short' | 'long';

/** What a fault is given to run with. */
export interface FaultOptions {
  seed: number;
  size: Size;
  /** Fewer events and kills than the long form has, for machines at work; 1 unless told. */
  scale?: number;
  /** Runs without a fault, made once for each workload and kept. */
  clean: CleanRuns;
  /** Told how it goes, a line now and then. */
  say(this: void, line: string): void;
}

/** How a run with a fault ended, held against one without. */
export interface Verdict {
  /** Every difference in words; empty when there is none. */
  wrong: string[];
  /** Alerts, counted events and messages of the clean run that are not there. */
  lost: number;
  /** Those there that the clean run does not have. */
  extra: number;
  /** Messages sent again, which their receiver cannot tell from the first. */
  doubles: number;
  /** Messages sent again under the key of the first. */
  repeated: number;
  /** What the fault did, so that nobody takes a fault that never struck for one survived. */
  figures: Record<string, number>;
}

/** One row of the fault matrix: its one definition, for the tests and for the long run. */
export interface Fault {
  /** As in the matrix: F1 … F23, or a name for what is not a row of it. */
  id: string;
  /** File-like, unique. */
  name: string;
  what: string;
  run(this: void, options: FaultOptions): Promise<Verdict>;
}
