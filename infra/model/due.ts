import { BUILT_AT } from '#shared/testing/build-alert.ts';

import { type Rows, shiftInstant } from './rows.ts';
import type { State, Step } from './state.ts';

/** Every moment is called so: rows tell how far away what is to come is, and of the past that it has passed. */
export const NOW = Date.parse(BUILT_AT);
const MINUTE_MS = 60_000;

/** What the sweep would wake: channels with a delivery that is due, and was not only just written. */
export function dueWakes(rows: Rows, state: State): string[] {
  return rows
    .of(state.shelf, 'delivery')
    .rows.filter(
      ({ next_attempt_at, status, updated_at }) =>
        status !== 'DEAD' &&
        next_attempt_at !== undefined &&
        Date.parse(next_attempt_at) <= NOW &&
        Date.parse(updated_at) < NOW,
    )
    .map(({ channel, alert_id }) => `${channel} ${alert_id}`);
}

/** Whether a delivery is due; with `justWritten` only those written at this moment count. */
export function isOwedNow(rows: Rows, state: State, justWritten = false): boolean {
  return rows
    .of(state.shelf, 'delivery')
    .rows.some(
      ({ next_attempt_at, status, updated_at }) =>
        status !== 'DEAD' &&
        next_attempt_at !== undefined &&
        Date.parse(next_attempt_at) <= NOW &&
        (!justWritten || Date.parse(updated_at) === NOW),
    );
}

/**
 * Time moves to the next instant at which anything falls due, and only between processes: each is
 * over within one instant. A notifier lives shorter than its lease in any case (both are 60 s, and the
 * lease begins later).
 */
export function tick(rows: Rows, state: State): Step[] {
  if (state.live.length > 0) return [];
  const instants = [
    ...rows.of(state.shelf, 'timer').rows.map(({ due_at }) => due_at),
    ...rows.of(state.shelf, 'delivery').rows.map((row) => row.next_attempt_at ?? ''),
  ].map((at) => Date.parse(at));
  // What was written just now and is due is the sweep's from the next minute on.
  if (isOwedNow(rows, state, true)) instants.push(NOW + MINUTE_MS);
  for (const { left, oldAt } of state.outbox) if (left) instants.push(oldAt);
  const now = Math.min(...instants.filter((at) => at > NOW));
  if (!Number.isFinite(now)) return [];
  const next = {
    ...state,
    shelf: rows.shift(state.shelf, now, NOW),
    outbox: state.outbox.map((one) => ({ ...one, oldAt: shiftInstant(one.oldAt, now, NOW) })),
  };
  return [{ says: `${((now - NOW) / 1000).toFixed(0)} s pass`, next }];
}
