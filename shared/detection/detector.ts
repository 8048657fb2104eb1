import type { Explanation } from '#shared/alert/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

/** One event as a detector sees it. Times in milliseconds since the Unix epoch. */
export interface Point {
  event_id: string;
  /** Event time, clamped at ingest. */
  at: number;
  /** Event time as the producer stated it, before clamping; the same on every delivery. */
  stated_at: number;
  /** What the kind's `read` found in the event; undefined where there is nothing, or nothing to read. */
  value?: unknown;
}

/** A detector's verdict: how many events it newly counts, and why in its own numbers. */
export interface Verdict {
  /** Events that now belong to the finding and did not before; ≥ 1. */
  occurrences: number;
  /** Event time of the earliest event of the finding. */
  since: number;
  explain: Explanation;
  /** True while the series is too new to be trusted: the finding is told at INFO at most. */
  warming?: boolean;
}

/** What one point did. */
export interface Update<State> {
  state: State;
  match?: Verdict;
  /** Why the point was not taken into account, e.g. `payload.ms is not a number`. */
  skipped?: string;
  /** Why what was found is over, e.g. `heard again after 12 min`: the group's alert resolves itself. Without a match. */
  recovered?: string;
  /** How surprising the point is, as −log10 of its probability; of kinds that score, on every point taken. */
  score?: number;
}

/** A detector bound to one rule's settings. Pure: no clock, no I/O, no randomness. */
export interface Detector<State> {
  /** True of a kind whose finding is the event itself: the rule's pattern explains it, not the detector. */
  findsEvents?: true;
  empty(): State;
  /** Never changes `state` in place: the same state may be folded again after a lost race. */
  update(state: State, point: Point): Update<State>;
  /** ≤ 4 KB; `unpack(pack(s))` behaves exactly as `s`. Throws `SyntaxError` on bytes it did not write. */
  pack(state: State): Uint8Array;
  unpack(bytes: Uint8Array): State;
  /** For kinds that find silence: when the series is to be judged again though no event comes, ms; undefined: never. */
  dueAt?(state: State): number | undefined;
  /** Judges what is due by `now` (ms), called by the sweeper; finding nothing is as good an answer. */
  elapse?(state: State, now: number): Update<State>;
}

/**
 * A kind of detector: what its settings may still have wrong, what it reads of an event, and how it
 * judges. Its file also exports the settings' schema; both are listed in `kinds.ts` and nowhere else.
 */
export interface DetectorKind<Config extends { kind: string }, State> {
  kind: Config['kind'];
  /** Changes when packed state of the former version cannot be read. */
  version: number;
  /** What is wrong with settings of the right shape, by path inside `detector`; nothing when absent. */
  check?(config: Config): InputIssue[];
  /** Compiles what `Point.value` holds of an event; the detector is given undefined when absent. */
  read?(config: Config): (event: EventRecord) => unknown;
  /**
   * How long, in seconds, the state of a series without events is of use; twice its `window_seconds` when
   * absent, and 90 days where there is no window. The row then goes, but never before 7 or after 90 days.
   */
  idleSeconds?(config: Config): number;
  /** When it fires, in a few words for a list: `count ≥ 5 failed logins in 10 min`. */
  describe(config: Config): string;
  init(config: Config): Detector<State>;
}
