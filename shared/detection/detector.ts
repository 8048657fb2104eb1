import type { Explanation } from '#shared/alert/schema.ts';

/** One event as a detector sees it. Times in milliseconds since the Unix epoch. */
export interface Point {
  event_id: string;
  /** Event time, clamped at ingest. */
  at: number;
  /** The aggregated field's value; absent for plain counts. */
  value?: number | string;
}

/** A detector's verdict: how many events it newly counts, and why in its own numbers. */
export interface Verdict {
  /** Events that now belong to the finding and did not before; ≥ 1. */
  occurrences: number;
  explain: Explanation;
}

/** A detector bound to one rule's settings. Pure: no clock, no I/O, no randomness. */
export interface Detector<State> {
  empty(): State;
  update(state: State, point: Point): { state: State; match?: Verdict };
  /** ≤ 4 KB; `unpack(pack(s))` behaves exactly as `s`. Throws `SyntaxError` on bytes it did not write. */
  pack(state: State): Uint8Array;
  unpack(bytes: Uint8Array): State;
}

/** A kind of detector. `version` changes when packed state of the former version cannot be read. */
export interface DetectorKind<Config, State> {
  kind: string;
  version: number;
  init(config: Config): Detector<State>;
}
