import * as z from 'zod';

import type { Explanation } from '#shared/alert/schema.ts';
import type { Detector, DetectorKind, Point, Update } from '#shared/detection/detector.ts';
import { roughSpanWords, spanWords } from '#shared/detection/words.ts';

import { type AbsenceState, NEVER_HEARD, packState, unpackState } from './state.ts';

export const AbsenceConfig = z.object({
  kind: z.literal('absence'),
  /** The longest silence that is in order, by event time. */
  window_seconds: z
    .number()
    .int()
    .min(30)
    .max(86_400 * 7),
  /** What an event may be late on top of it. */
  grace_seconds: z.number().int().min(0).max(86_400).default(0),
  /** What is expected, for people: `heartbeat`, `backup`. */
  unit: z.string().max(32).optional(),
});
export type AbsenceConfig = z.infer<typeof AbsenceConfig>;

/** A silent series remembers this long that it is, so that its alert resolves itself when it is heard again. */
const SILENT_SECONDS_MIN = 30 * 86_400;

/**
 * A dead-man's switch: finds a series that was heard of and then has no event for the window and the
 * grace, once per silence, and takes it back when it is heard again. What was never heard of cannot be
 * missed. Judged by event time, so an event that comes late ends a silence only when it happened
 * recently enough that there was none.
 */
export const absenceKind: DetectorKind<AbsenceConfig, AbsenceState> = {
  kind: 'absence',
  version: 1,
  idleSeconds: (config) => Math.max(2 * limitSeconds(config), SILENT_SECONDS_MIN),
  describe: (config) => `no ${unitOf(config)} for ${spanWords(limitSeconds(config))}`,
  init: createAbsence,
};

function limitSeconds({ window_seconds, grace_seconds }: AbsenceConfig): number {
  return window_seconds + grace_seconds;
}

function unitOf({ unit }: AbsenceConfig): string {
  return unit ?? 'event';
}

function createAbsence(config: AbsenceConfig): Detector<AbsenceState> {
  const limitMs = limitSeconds(config) * 1000;

  function update(state: AbsenceState, point: Point): Update<AbsenceState> {
    const at = Math.round(point.at);
    if (!Number.isSafeInteger(at)) return { state, skipped: 'no event time' };
    const heard = Math.max(at, state.heard ?? at);
    const { silent } = state;
    if (silent === undefined) return { state: { heard } };
    if (heard + limitMs <= silent) return { state: { heard, silent } };
    const gapMs = heard - state.heard!;
    return { state: { heard }, recovered: `heard again after ${roughSpanWords(gapMs / 1000)}` };
  }

  function dueAt({ heard, silent }: AbsenceState): number | undefined {
    return heard === undefined || silent !== undefined ? undefined : heard + limitMs;
  }

  return {
    empty: () => NEVER_HEARD,
    update,
    pack: packState,
    unpack: unpackState,
    dueAt,
    elapse(state, now) {
      const due = dueAt(state);
      if (due === undefined || now < due) return { state };
      const heard = state.heard!;
      return {
        state: { heard, silent: Math.round(now) },
        match: { occurrences: 1, since: heard, explain: explainSilence(config, heard, now) },
      };
    },
  };
}

function explainSilence(config: AbsenceConfig, heard: number, now: number): Explanation {
  const last = new Date(heard).toISOString();
  const silence = roughSpanWords((now - heard) / 1000);
  const grace = config.grace_seconds > 0 ? `, and ${spanWords(config.grace_seconds)} of grace` : '';
  return {
    detector: 'absence',
    summary: `no ${unitOf(config)} for ${silence}`,
    expected: `one at least every ${spanWords(config.window_seconds)}${grace}`,
    observed: `the last at ${last}`,
    window_seconds: config.window_seconds,
    values: { last_event: last, silent_for: silence },
  };
}
