import type { Delivery, Intent } from '#shared/notification/schema.ts';
import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import { retryDelayMs } from './backoff.ts';

/** Longest hold of a claim, in milliseconds: at least three times what one send may take. */
export const LEASE_MS = 60_000;
/** A message is tried for this long after it was first wanted. */
export const RETRIED_MS = 24 * 3_600_000;

const iso = (at: number): string => new Date(at).toISOString();

/** The row as claimed by `owner` for one attempt. Until the lease ends nobody else sends; then the sweep comes. */
export function claim(row: Delivery, owner: string, intent: Intent, now: number): Delivery {
  return {
    ...row,
    attempts: row.attempts + 1,
    tried: intent,
    lease_owner: owner,
    lease_until: iso(now + LEASE_MS),
    next_attempt_at: iso(now + LEASE_MS),
    updated_at: iso(now),
    revision: row.revision + 1,
  };
}

/** The row with the lease of `owner` gone; another's stays. */
export function release(row: Delivery, owner: string, now: number): Delivery {
  const next = { ...row, updated_at: iso(now), revision: row.revision + 1 };
  if (row.lease_owner === owner) {
    delete next.lease_owner;
    delete next.lease_until;
  }
  return next;
}

/** The row of which nothing is owed any more, for a reason given as its receipt. */
export function settle(
  row: Delivery,
  owner: string,
  receipt: string | undefined,
  now: number,
): Delivery {
  const next = release(row, owner, now);
  delete next.next_attempt_at;
  if (receipt === undefined) return { ...next, status: row.sent ? 'SENT' : row.status };
  return { ...next, status: 'CONFIRMED', receipt };
}

/** One attempt that came to an end. */
export interface Attempt {
  owner: string;
  intent: Intent;
  /** `tried` as it stood before the claim. */
  triedBefore: Intent | undefined;
  /** The message of its group that was claimed. */
  message?: number | undefined;
  outcome: SendOutcome;
}

/** What the attempt made of the row. */
export type Recorded =
  | { kind: 'sent'; row: Delivery }
  | { kind: 'retry'; row: Delivery; delayMs: number }
  | { kind: 'dead'; row: Delivery; error: string }
  /** The lease ran out and somebody else took the row over: what they record counts. */
  | { kind: 'superseded' };

function recordSent(
  row: Delivery,
  attempt: Attempt,
  outcome: Extract<SendOutcome, { kind: 'delivered' }>,
  now: number,
): Delivery {
  const { owner, intent } = attempt;
  const next: Delivery = {
    ...release(row, owner, now),
    sent: intent,
    sent_at: iso(now),
    receipt: outcome.receipt,
  };
  delete next.tried;
  delete next.last_error;
  if (intent === 'trigger') {
    if (outcome.destination_ref === undefined) delete next.destination_ref;
    else next.destination_ref = outcome.destination_ref;
  }
  if (row.desired === intent && row.message === attempt.message) {
    delete next.next_attempt_at;
    return { ...next, status: 'SENT' };
  }
  if (row.desired === intent) {
    // Its group has said more meanwhile: that is owed, and the receiver knows of the group.
    delete next.sent;
    next.tried = intent;
  }
  return { ...next, status: 'QUEUED', attempts: 0, next_attempt_at: iso(now) };
}

/**
 * Folds the outcome of one attempt into the row as it stands now, which may have a new `desired`
 * since the claim. Retries end RETRIED_MS after it was wanted; a wait that would reach beyond is dead at once.
 */
export function recordAttempt(row: Delivery, attempt: Attempt, now: number): Recorded {
  const { outcome, owner, intent, triedBefore } = attempt;
  if (row.lease_owner !== owner) return { kind: 'superseded' };
  if (outcome.kind === 'delivered')
    return { kind: 'sent', row: recordSent(row, attempt, outcome, now) };
  const next: Delivery = { ...release(row, owner, now), last_error: outcome.error };
  const arrived = outcome.kind === 'retryable' && outcome.may_have_arrived;
  if (!arrived) {
    if (triedBefore === undefined) delete next.tried;
    else next.tried = triedBefore;
  }
  if (outcome.kind === 'permanent') {
    delete next.next_attempt_at;
    return { kind: 'dead', row: { ...next, status: 'DEAD' }, error: outcome.error };
  }
  const changed = row.desired !== intent;
  const delayMs = changed
    ? (outcome.retry_after_ms ?? 0)
    : retryDelayMs(`${row.delivery_key}|${intent}`, row.attempts, outcome.retry_after_ms);
  const { desired_at, redriven_at = desired_at } = row;
  const wantedAt = Math.max(Date.parse(desired_at), Date.parse(redriven_at));
  if (!changed && now + delayMs > wantedAt + RETRIED_MS) {
    delete next.next_attempt_at;
    return { kind: 'dead', row: { ...next, status: 'DEAD' }, error: outcome.error };
  }
  return {
    kind: 'retry',
    delayMs,
    row: { ...next, status: changed ? 'QUEUED' : 'RETRYING', next_attempt_at: iso(now + delayMs) },
  };
}
