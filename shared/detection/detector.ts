import type { Explanation } from '#shared/alert/schema.ts';

/** One event as a detector sees it. Times in milliseconds since the Unix epoch. */
export interface Point {
  event_id: string;
  /** Event time, clamped at ingest. */
  at: number;
  /** Event time as the producer stated it, before clamping; the same on every delivery. */
  stated_at: number;
  /** The aggregated field's value as the event states it; undefined for plain counts and where it is missing. */
  value?: unknown;
}

/** A detector's verdict: how many events it newly counts, and why in its own numbers. */
export interface Verdict {
  /** Events that now belong to the finding and did not before; ≥ 1. */
  occurrences: number;
  /** Event time of the earliest event of the finding. */
  since: number;
  explain: Explanation;
}

/** What one point did. `skipped` names why it was not taken into account, e.g. `not a number`. */
export interface Update<State> {
  state: State;
  match?: Verdict;
  skipped?: string;
}

/** A detector bound to one rule's settings. Pure: no clock, no I/O, no randomness. */
export interface Detector<State> {
  empty(): State;
  update(state: State, point: Point): Update<State>;
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
