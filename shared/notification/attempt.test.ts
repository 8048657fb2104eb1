import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SendOutcome } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildDelivery } from '#shared/testing/build-alert.ts';

import { type Attempt, claim, LEASE_MS, recordAttempt, RETRIED_MS } from './attempt.ts';
import { retryDelayMs } from './backoff.ts';

const NOW = Date.parse(BUILT_AT);
const claimed = claim(buildDelivery(), 'me', 'trigger', NOW);
const attempt = (outcome: SendOutcome): Attempt => ({
  owner: 'me',
  intent: 'trigger',
  triedBefore: undefined,
  outcome,
});
const busy = (retry_after_ms?: number): SendOutcome => ({
  kind: 'retryable',
  error: 'HTTP 503',
  may_have_arrived: true,
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
});

describe('claim', () => {
  it('holds for a lease, counts the attempt and remembers what is tried', () => {
    expect(claimed).toMatchObject({
      attempts: 1,
      tried: 'trigger',
      lease_owner: 'me',
      revision: 2,
    });
    expect(Date.parse(claimed.lease_until!)).toBe(NOW + LEASE_MS);
    expect(claimed.next_attempt_at).toBe(claimed.lease_until);
  });
});

describe('recordAttempt', () => {
  it('delivered: nothing is owed', () => {
    const made = recordAttempt(claimed, attempt({ kind: 'delivered', receipt: 'ok' }), NOW);
    expect(made).toMatchObject({ kind: 'sent', row: { status: 'SENT', sent: 'trigger' } });
    expect('row' in made && made.row.next_attempt_at).toBeUndefined();
  });

  it('delivered, but something else is desired by now: that is owed at once', () => {
    const row = { ...claimed, desired: 'acknowledge' as const };
    const made = recordAttempt(row, attempt({ kind: 'delivered', receipt: 'ok' }), NOW);
    expect(made).toMatchObject({ row: { status: 'QUEUED', sent: 'trigger', attempts: 0 } });
    expect('row' in made && made.row.next_attempt_at).toBe(BUILT_AT);
  });

  it('a lease lost to another makes the outcome theirs', () => {
    const row = { ...claimed, lease_owner: 'other' };
    for (const outcome of [busy(), { kind: 'delivered', receipt: 'ok' } as const])
      expect(recordAttempt(row, attempt(outcome), NOW)).toEqual({ kind: 'superseded' });
  });

  it('a certain refusal leaves no doubt about what the receiver knows', () => {
    const outcome = { kind: 'retryable', error: 'HTTP 429', may_have_arrived: false } as const;
    const made = recordAttempt(claimed, attempt(outcome), NOW);
    expect('row' in made && made.row.tried).toBeUndefined();
    const doubtful = recordAttempt(claimed, attempt(busy()), NOW);
    expect(doubtful).toMatchObject({ row: { tried: 'trigger' } });
  });

  it('dead when the next attempt would come after 24 h, not before', () => {
    const end = NOW + RETRIED_MS;
    const soon = recordAttempt(claimed, attempt(busy(10_000)), end - 12_000);
    expect(soon.kind).toBe('retry');
    const late = recordAttempt(claimed, attempt(busy(10_000)), end - 9_000);
    expect(late).toMatchObject({ kind: 'dead', row: { status: 'DEAD' } });
    expect('row' in late && late.row.next_attempt_at).toBeUndefined();
  });

  it('keeps a wait the receiver asked for even when something else is desired by now', () => {
    const row = { ...claimed, desired: 'resolve' as const };
    const made = recordAttempt(row, attempt(busy(30_000)), NOW);
    expect('row' in made && Date.parse(made.row.next_attempt_at!)).toBe(NOW + 30_000);
  });
});

describe('retryDelayMs', () => {
  it('doubles to five minutes, half of it jitter, the same each time', () => {
    for (let n = 1; n <= 40; n++) {
      const full = Math.min(2 ** n, 300) * 1000;
      const delay = retryDelayMs('key', n);
      expect(delay).toBeGreaterThanOrEqual(full / 2);
      expect(delay).toBeLessThanOrEqual(full);
      expect(retryDelayMs('key', n)).toBe(delay);
    }
    const spread = new Set(Array.from({ length: 50 }, (_, i) => retryDelayMs(`key-${i}`, 9)));
    expect(spread.size).toBeGreaterThan(45);
  });

  it('is never shorter than what the receiver asked for', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 86_400_000 }),
        (key, n, asked) => retryDelayMs(key, n, asked) >= asked,
      ),
    );
  });
});
