import { describe, expect, it } from 'vitest';

import type { SendOutcome } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildDelivery } from '#shared/testing/build-alert.ts';

import {
  type Attempt,
  claim,
  LEASE_MS,
  recordAttempt,
  release,
  RETRIED_MS,
  settle,
} from './attempt.ts';
import { retryDelayMs } from './backoff.ts';

const BEGUN = Date.parse(BUILT_AT);
const NOW = BEGUN + 5_000;
const at = (ms: number) => new Date(ms).toISOString();

const queued = buildDelivery({ status: 'RETRYING', attempts: 2, revision: 7 });
const claimed = claim(queued, 'me', 'trigger', NOW);
/** What every writer after the claim leaves: no lease, the next revision, when it was written. */
const { lease_owner: _owner, lease_until: _until, ...unleased } = claimed;
const written = { ...unleased, updated_at: at(NOW + 900), revision: 9 };
const { next_attempt_at: _next, ...nothingOwed } = written;

const attempt = (outcome: SendOutcome, fields: Partial<Attempt> = {}): Attempt => ({
  owner: 'me',
  intent: 'trigger',
  triedBefore: undefined,
  outcome,
  ...fields,
});
const delivered = (destination_ref?: string): SendOutcome => ({
  kind: 'delivered',
  receipt: '202',
  ...(destination_ref !== undefined && { destination_ref }),
});
const retryable = (may_have_arrived: boolean, retry_after_ms?: number): SendOutcome => ({
  kind: 'retryable',
  error: 'HTTP 503',
  may_have_arrived,
  ...(retry_after_ms !== undefined && { retry_after_ms }),
});
const made = (row: typeof claimed, what: Attempt, now = NOW + 900) => recordAttempt(row, what, now);

describe('the row of a delivery, whole', () => {
  it('after the claim holds the lease until the sweep may come', () => {
    expect(claimed).toEqual({
      ...queued,
      attempts: 3,
      tried: 'trigger',
      lease_owner: 'me',
      lease_until: at(NOW + LEASE_MS),
      next_attempt_at: at(NOW + LEASE_MS),
      updated_at: at(NOW),
      revision: 8,
    });
  });

  it('after its release is the next revision, and only the own lease is gone', () => {
    expect(release(claimed, 'me', NOW + 900)).toEqual(written);
    expect(release(claimed, 'other', NOW + 900)).toEqual({
      ...claimed,
      updated_at: at(NOW + 900),
      revision: 9,
    });
  });

  it('after it was settled owes nothing, and says why unless the receiver knows already', () => {
    expect(settle(claimed, 'me', 'not needed: resolved', NOW + 900)).toEqual({
      ...nothingOwed,
      status: 'CONFIRMED',
      receipt: 'not needed: resolved',
    });
    const told = { ...claimed, sent: 'trigger' as const, receipt: '202' };
    expect(settle(told, 'me', undefined, NOW + 900)).toEqual({
      ...nothingOwed,
      sent: 'trigger',
      receipt: '202',
      status: 'SENT',
    });
    expect(settle(claimed, 'me', undefined, NOW + 900).status).toBe('RETRYING');
  });

  it('after a success keeps nothing of former failures', () => {
    const failedBefore = { ...claimed, last_error: 'HTTP 503' };
    expect(made(failedBefore, attempt(delivered('C1:7')))).toEqual({
      kind: 'sent',
      row: {
        ...nothingOwed,
        tried: undefined,
        status: 'SENT',
        sent: 'trigger',
        sent_at: at(NOW + 900),
        receipt: '202',
        destination_ref: 'C1:7',
      },
    });
  });

  it('names where later intents go as the last trigger had it; they leave it alone', () => {
    const known = { ...claimed, destination_ref: 'C1:6' };
    expect(made(known, attempt(delivered()))).not.toHaveProperty('row.destination_ref');
    const resolving = { ...known, desired: 'resolve' as const };
    const resolved = attempt(delivered('C1:9'), { intent: 'resolve' });
    expect(made(resolving, resolved)).toMatchObject({
      row: { sent: 'resolve', destination_ref: 'C1:6' },
    });
  });

  it('owes at once what is desired by now, with fresh attempts', () => {
    const changed = { ...claimed, desired: 'resolve' as const };
    expect(made(changed, attempt(delivered()))).toMatchObject({
      kind: 'sent',
      row: { status: 'QUEUED', attempts: 0, sent: 'trigger', next_attempt_at: at(NOW + 900) },
    });
  });

  it('owes the next message of its group though the last arrived, and remembers who knows of it', () => {
    const grown = { ...claimed, message: 2, destination_ref: 'C1:6' };
    const { row } = made(grown, attempt(delivered('C1:7'), { message: 1 })) as {
      row: typeof claimed;
    };
    expect(row).toMatchObject({ status: 'QUEUED', attempts: 0, tried: 'trigger' });
    expect(row.sent).toBeUndefined();
    expect(row.next_attempt_at).toBe(at(NOW + 900));
  });
});

describe('the row after a failure', () => {
  it('is tried again later and remembers what the receiver may have heard', () => {
    const delayMs = retryDelayMs(`${queued.delivery_key}|trigger`, 3);
    expect(made(claimed, attempt(retryable(true)))).toEqual({
      kind: 'retry',
      delayMs,
      row: {
        ...written,
        status: 'RETRYING',
        last_error: 'HTTP 503',
        next_attempt_at: at(NOW + 900 + delayMs),
      },
    });
  });

  it('remembers only what an earlier attempt may have said when this one surely did not arrive', () => {
    const never = made(claimed, attempt(retryable(false)));
    expect(never).not.toHaveProperty('row.tried');
    const before = made(claimed, attempt(retryable(false), { triedBefore: 'resolve' }));
    expect(before).toMatchObject({ row: { tried: 'resolve' } });
    const refused = { kind: 'permanent', error: 'HTTP 404', may_have_arrived: true } as const;
    expect(made(claimed, attempt(refused))).not.toHaveProperty('row.tried');
  });

  it('is dead after a refusal, and owes nothing', () => {
    expect(made(claimed, attempt({ kind: 'permanent', error: 'HTTP 404' }))).toEqual({
      kind: 'dead',
      error: 'HTTP 404',
      row: { ...nothingOwed, tried: undefined, status: 'DEAD', last_error: 'HTTP 404' },
    });
  });

  it('is tried again at once, queued, when something else is desired by now', () => {
    const changed = { ...claimed, desired: 'resolve' as const };
    expect(made(changed, attempt(retryable(true)))).toMatchObject({
      kind: 'retry',
      delayMs: 0,
      row: { status: 'QUEUED', next_attempt_at: at(NOW + 900) },
    });
    const wantedLongAgo = { ...changed, desired_at: at(NOW - 2 * RETRIED_MS) };
    expect(made(wantedLongAgo, attempt(retryable(true))).kind).toBe('retry');
  });

  it('ends 24 h after it was wanted: an attempt at that very moment is still made', () => {
    const delayMs = retryDelayMs(`${queued.delivery_key}|trigger`, 3);
    const last = BEGUN + RETRIED_MS - delayMs;
    expect(made(claimed, attempt(retryable(true)), last).kind).toBe('retry');
    expect(made(claimed, attempt(retryable(true)), last + 1).kind).toBe('dead');
  });
});
