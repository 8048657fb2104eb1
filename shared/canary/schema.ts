import * as z from 'zod';

/** The tenant of canaries: no person's token names it, so nobody sees or may forge them. */
export const CANARY_TENANT = 'sentry-canary';

/** Who must have heard each canary: the ends of the path. */
export const CANARY_EARS = ['email', 'slack', 'pagerduty', 'webhook'] as const;
export type CanaryEar = (typeof CANARY_EARS)[number];

/** A canary as the detector announces it on the bus. */
export const CanaryPayload = z.object({
  tenant: z.literal(CANARY_TENANT),
  canary: z.object({ sent_at: z.iso.datetime() }),
});

/** A canary leaves each minute, with the sweep. */
const EVERY_MS = 60_000;

/** The newest canary that an end heard: when it left and when it arrived, RFC 3339. */
export interface CanarySighting {
  sent_at: string;
  heard_at: string;
}

/** What the stores hold of canaries; `first` is when the first left, RFC 3339. */
export interface CanarySightings {
  first?: string;
  heard: Partial<Record<CanaryEar, CanarySighting>>;
}

/**
 * How late canaries are at the end that hears them latest, in ms: how long the newest was under way, or by
 * how much its follower is overdue. Seconds while everything works; what stands still anywhere makes it a
 * minute and more, also where the sweep does in its stead what stands still. 0 before the first left.
 */
export function canaryLateness({ first, heard }: CanarySightings, now: number): number {
  if (first === undefined) return 0;
  const late = CANARY_EARS.map((ear) => {
    const { sent_at = first, heard_at = sent_at } = heard[ear] ?? {};
    const [sent, arrived] = [Date.parse(sent_at), Date.parse(heard_at)];
    return Math.max(now - sent - EVERY_MS, arrived - sent);
  });
  return Math.max(0, ...late);
}
