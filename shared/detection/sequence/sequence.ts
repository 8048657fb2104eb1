import type { Detector, DetectorKind, Point, Update, Verdict } from '#shared/detection/detector.ts';
import { checkEventPattern } from '#shared/event/check-pattern.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { compile } from '#shared/pattern/compile.ts';

import { chainAt, chainThrough, fits, membersOf } from './chain.ts';
import type { Positions } from './chain.ts';
import type { SequenceConfig } from './config.ts';
import { describeSequence, explainSequence } from './explain.ts';
import { packSequence, shapeOf, unpackSequence } from './pack.ts';
import { EMPTY, EVENTS_MAX, placeOf, thinned } from './state.ts';
import type { Kept, SequenceState } from './state.ts';

/** How late events may come unless the rule says otherwise: the stream's shards are read seconds apart. */
const GRACE_SECONDS = 60;

/**
 * Fires when events follow each other in the order of the steps within a window, by event time
 * whatever the order of arrival; or, with an absent last step, when they do and no event of that step
 * comes within a window after them. An event counts once it is part of any such sequence, and once
 * only; one that fits two steps takes either, never both at a time. An absence is found when an event
 * or the sweeper shows that the window and the grace for late events have passed; what comes later
 * cannot take it back. Exact while the series has ≤ 512 events in two windows; beyond them the middle of
 * long runs of alike events is let go first, and counted.
 */
export const sequenceKind: DetectorKind<SequenceConfig, SequenceState> = {
  kind: 'sequence',
  version: 1,
  check: checkSequence,
  read: readSteps,
  idleSeconds: ({ within_seconds, grace_seconds = GRACE_SECONDS }) =>
    3 * (within_seconds + grace_seconds),
  describe: describeSequence,
  init: createSequence,
};

function checkSequence({ steps }: SequenceConfig): InputIssue[] {
  const issues = steps.flatMap(({ pattern }, index) =>
    checkEventPattern(`steps[${index}].pattern`, pattern),
  );
  for (const [index, { name, absent, times }] of steps.entries()) {
    const at = `steps[${index}]`;
    if (absent && index < steps.length - 1)
      issues.push({ path: `${at}.absent`, message: 'only the last step may be absent' });
    if (absent && times !== undefined)
      issues.push({ path: `${at}.times`, message: 'an absent step has no times' });
    if (steps.findIndex((step) => step.name === name) < index)
      issues.push({ path: `${at}.name`, message: `another step is named "${name}"` });
  }
  return issues;
}

/** The indexes of the steps that an event fits. */
function readSteps({ steps }: SequenceConfig): (event: EventRecord) => number[] {
  const patterns = compile(new Map(steps.map(({ pattern }, index) => [String(index), pattern])));
  return (event) => patterns.match(event).map(Number);
}

function createSequence(config: SequenceConfig): Detector<SequenceState> {
  const windowMs = config.within_seconds * 1000;
  const absentStep = config.steps.findIndex(({ absent }) => absent);
  const positions: Positions = config.steps.flatMap(({ times = 1, absent }, index) =>
    absent ? [] : Array<number>(times).fill(index),
  );
  const graceMs = (config.grace_seconds ?? GRACE_SECONDS) * 1000;
  const latenessMs = absentStep < 0 ? Math.max(windowMs, graceMs) : windowMs + graceMs;
  const shape = shapeOf(config);

  /** The events whose wait for the absent step is over by `clock`, or would be at any time. */
  function unanswered(events: readonly Kept[], clock: number): Set<number> {
    const found = new Set<number>();
    let answeredAt = Number.POSITIVE_INFINITY;
    for (let index = events.length - 1; index >= 0; index--) {
      const event = events[index]!;
      const waitsUntil = event.at + windowMs;
      if (
        fits(event, positions.at(-1)!) &&
        answeredAt > waitsUntil &&
        waitsUntil + graceMs <= clock
      )
        found.add(index);
      if (fits(event, absentStep)) answeredAt = event.at;
    }
    return found;
  }

  function judgeAbsence(state: SequenceState): Update<SequenceState> {
    const found = unanswered(state.events, state.clock);
    if (found.size === 0) return { state };
    const members = membersOf(state.events, positions, windowMs, (index) => found.has(index));
    const fresh = members.filter((index) => !state.events[index]!.counted);
    if (fresh.length === 0) return { state };
    const last = members.findLast((index) => found.has(index))!;
    const chain = chainAt(state.events, last, positions.length - 1, positions, windowMs)!;
    return tell(state, fresh, chain);
  }

  function judgePresence(state: SequenceState, own: number): Update<SequenceState> {
    const chain = chainThrough(state.events, own, positions, windowMs);
    if (chain === undefined) return { state };
    const members = membersOf(state.events, positions, windowMs, () => true);
    return tell(
      state,
      members.filter((index) => !state.events[index]!.counted),
      chain,
    );
  }

  function tell(
    state: SequenceState,
    fresh: readonly number[],
    chain: readonly number[],
  ): Update<SequenceState> {
    const counted = new Set(fresh);
    const times = chain.map((index) => state.events[index]!.at);
    const match: Verdict = {
      occurrences: fresh.length,
      since: Math.min(times[0]!, state.events[fresh[0]!]!.at),
      explain: explainSequence(config, times, state.dropped),
    };
    const events = state.events.map((event, index) =>
      counted.has(index) ? { ...event, counted: true } : event,
    );
    return { state: { ...state, events }, match };
  }

  function update(state: SequenceState, point: Point): Update<SequenceState> {
    const at = Math.round(point.at);
    if (!Number.isSafeInteger(at)) return { state, skipped: 'no event time' };
    if (at < state.newest - latenessMs)
      return {
        state: { ...state, late: state.late + 1 },
        skipped: `more than ${latenessMs / 1000} s late`,
      };
    const mask = maskOf(point.value, config.steps.length);
    const place = placeOf(state.events, at, mask);
    const arrived: SequenceState = {
      ...state,
      events:
        mask === 0 ? state.events : state.events.toSpliced(place, 0, { at, mask, counted: false }),
      newest: Math.max(state.newest, at),
      clock: Math.max(state.clock, at),
    };
    const judged =
      absentStep >= 0
        ? judgeAbsence(arrived)
        : mask === 0
          ? { state: arrived }
          : judgePresence(arrived, place);
    const next = { ...judged, state: bounded(judged.state) };
    return mask === 0 && next.match === undefined
      ? { ...next, skipped: 'the event fits no step' }
      : next;
  }

  function bounded(state: SequenceState): SequenceState {
    const oldest = state.newest - windowMs - latenessMs;
    const from = state.events.findIndex(({ at }) => at >= oldest);
    let events = from > 0 ? state.events.slice(from) : from < 0 ? [] : state.events;
    if (events.length <= EVENTS_MAX) return { ...state, events };
    events = thinned(events);
    return { ...state, events, dropped: state.dropped + 1 };
  }

  const detector: Detector<SequenceState> = {
    empty: () => EMPTY,
    update,
    pack: (state) => packSequence(state, shape),
    unpack: (bytes) => unpackSequence(bytes, shape),
  };
  if (absentStep < 0) return detector;
  return {
    ...detector,
    dueAt({ events }) {
      for (const index of [...unanswered(events, Number.POSITIVE_INFINITY)].toReversed()) {
        const { at, counted } = events[index]!;
        if (!counted && chainAt(events, index, positions.length - 1, positions, windowMs))
          return at + windowMs + graceMs;
      }
      return undefined;
    },
    elapse(state, now) {
      const judged = judgeAbsence({ ...state, clock: Math.max(state.clock, now) });
      return judged.match === undefined ? { state } : judged;
    },
  };
}

function maskOf(value: unknown, steps: number): number {
  if (!Array.isArray(value)) return 0;
  let mask = 0;
  for (const step of value as unknown[])
    if (typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < steps)
      mask |= 1 << step;
  return mask;
}
