import * as z from 'zod';

import type { ChannelCounter, ChannelHour } from '#shared/ports/channel-state-store.ts';

const DAY_MS = 24 * 3_600_000;

/** How a channel fares. Counts are of the last 24 hours, whole hours, and of attempts, not messages. */
export const ChannelHealth = z.object({
  /** `idle`: nothing was sent within 30 days. `failing`: the last attempt failed. `broken`: its message died. */
  state: z.enum(['ok', 'failing', 'broken', 'idle']),
  last_success: z.object({ at: z.string(), receipt: z.string().optional() }).optional(),
  last_failure: z.object({ at: z.string(), reason: z.string().optional() }).optional(),
  sent: z.number().int(),
  failed: z.number().int(),
  dead: z.number().int(),
  /** Messages that waited, because the receiver's limit was reached. */
  put_off: z.number().int(),
  /** sent / (sent + failed), 0…1; null when nothing was tried. */
  success_rate: z.number().nullable(),
  /** What the receiver's own webhook told us, and how much of it was about no alert of ours. */
  heard: z.number().int(),
  unknown: z.number().int(),
});
export type ChannelHealth = z.infer<typeof ChannelHealth>;

/** What the hours of a channel, newest first, say of it at `now` (milliseconds since the epoch). Pure. */
export function healthOf(hours: readonly ChannelHour[], now: number): ChannelHealth {
  const recent = hours.filter(({ hour }) => Date.parse(hour) > now - DAY_MS);
  const sum = (counter: ChannelCounter) =>
    recent.reduce((total, { counts }) => total + (counts[counter] ?? 0), 0);
  const last = (counter: ChannelCounter) =>
    hours.map((row) => row.last[counter]).find((one) => one !== undefined);
  const [success, failure, dead] = [last('sent'), last('failed'), last('dead')];
  const [sent, failed] = [sum('sent'), sum('failed')];
  return {
    state: stateOf(success?.at, failure?.at, dead?.at),
    ...(success && { last_success: { at: success.at, receipt: success.words } }),
    ...(failure && { last_failure: { at: failure.at, reason: failure.words } }),
    sent,
    failed,
    dead: sum('dead'),
    put_off: sum('put_off'),
    success_rate: sent + failed === 0 ? null : sent / (sent + failed),
    heard: sum('heard'),
    unknown: sum('unknown'),
  };
}

function stateOf(success = '', failure = '', dead = ''): ChannelHealth['state'] {
  if (success === '' && failure === '') return 'idle';
  if (success >= failure) return 'ok';
  return dead >= failure ? 'broken' : 'failing';
}
