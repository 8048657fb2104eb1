import * as z from 'zod';

import { type Channel, type Intent, INTENTS } from '#shared/notification/schema.ts';

/** How fast a receiver may be spoken to: never more than `capacity + seconds × perSecond` in any stretch of time. */
export interface Pace {
  capacity: number;
  perSecond: number;
  /** Kept back for CRITICAL. */
  reserve: number;
  /** Whether what has to wait may go together, in one message. */
  digest: boolean;
}

/**
 * The receivers' limits: PagerDuty 120 a minute and key, Slack 1 a second and webhook with short
 * bursts, SNS e-mail 10 a second. Webhooks state none; they say 429.
 */
export const PACES: Readonly<Partial<Record<Channel, Pace>>> = {
  pagerduty: { capacity: 20, perSecond: 100 / 60, reserve: 10, digest: false },
  slack: { capacity: 3, perSecond: 1, reserve: 1, digest: true },
  email: { capacity: 5, perSecond: 5, reserve: 2, digest: true },
};

/** Most alerts that one digest names beside its own; all of them are named. */
export const DIGEST_MAX = 40;
/** Most that wait for a digest; those beyond come by themselves. */
const WAITING_MAX = 200;
/** Whoever waits longer has found another way. */
const WAITING_MS = 10 * 60_000;

/** Where a channel stands with its receiver; times in milliseconds since the epoch. */
export const PaceState = z.object({
  tokens: z.number(),
  at: z.number(),
  /** What was put off one by one has its turns until then. */
  queue_until: z.number(),
  /** Delivery keys that may join the next digest. */
  waiting: z.array(z.object({ key: z.string(), at: z.number(), intent: z.enum(INTENTS) })),
});
export type PaceState = z.infer<typeof PaceState>;

/** One message that wants to go. */
export interface Asker {
  delivery_key: string;
  intent: Intent;
  critical: boolean;
  /** It has waited before, so that its turn has been planned. */
  put_off: boolean;
  /** It may go together with others. */
  digestible: boolean;
}

export type Turn =
  /** Now, and together with those named. */
  | { kind: 'go'; state: PaceState; together: string[] }
  | { kind: 'wait'; state: PaceState; until: number };

/**
 * Whether a message may go now. CRITICAL takes from the reserve and is never made to wait for others
 * nor put into a digest; the rest waits for its turn. Pure.
 */
export function takeTurn(
  pace: Pace,
  known: PaceState | undefined,
  asker: Asker,
  now: number,
): Turn {
  const state = refill(pace, known, now);
  const need = asker.critical ? 1 : 1 + pace.reserve;
  const isQueued = !asker.critical && !asker.put_off && !asker.digestible;
  const mustQueue = isQueued && state.queue_until > now && state.tokens < pace.capacity;
  if (state.tokens >= need && !mustQueue) {
    const others = state.waiting.filter(({ key }) => key !== asker.delivery_key);
    const takes = asker.digestible && !asker.critical ? DIGEST_MAX : 0;
    const alike = others.filter(({ intent }) => intent === asker.intent);
    const together = new Set(alike.slice(0, takes).map(({ key }) => key));
    const waiting = others.filter(({ key }) => !together.has(key));
    return {
      kind: 'go',
      state: { ...state, tokens: state.tokens - 1, waiting },
      together: [...together],
    };
  }
  const missing = Math.max(0, need - state.tokens);
  if (asker.digestible && !asker.critical) {
    const before = Math.floor(state.waiting.length / DIGEST_MAX);
    const until = now + Math.ceil(((missing + before) / pace.perSecond) * 1000);
    const { delivery_key: key, intent } = asker;
    const others = state.waiting.filter((one) => one.key !== key || one.intent === intent);
    const isKnown = others.some((one) => one.key === key);
    const waiting =
      isKnown || others.length >= WAITING_MAX ? others : [...others, { key, at: now, intent }];
    return { kind: 'wait', state: { ...state, waiting }, until };
  }
  const soonest = now + Math.ceil((missing / pace.perSecond) * 1000);
  if (!isQueued) return { kind: 'wait', state, until: soonest };
  const until = Math.max(soonest, state.queue_until + Math.ceil(1000 / pace.perSecond));
  return { kind: 'wait', state: { ...state, queue_until: until }, until };
}

function refill(pace: Pace, known: PaceState | undefined, now: number): PaceState {
  if (!known) return { tokens: pace.capacity, at: now, queue_until: 0, waiting: [] };
  const passed = Math.max(0, now - known.at);
  return {
    tokens: Math.min(pace.capacity, known.tokens + (passed / 1000) * pace.perSecond),
    at: Math.max(known.at, now),
    queue_until: known.queue_until,
    waiting: known.waiting.filter(({ at }) => now - at < WAITING_MS),
  };
}
