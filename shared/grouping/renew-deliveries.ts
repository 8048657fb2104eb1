import { speakersOf } from '#shared/alert/desired.ts';
import type { Channel, Delivery } from '#shared/notification/schema.ts';

/** Channels that are told when nothing of a message is new but what is over. */
const HEARS_OVER: ReadonlySet<Channel> = new Set(['pagerduty', 'slack', 'webhook']);

/**
 * The rows of a group's deliveries that say its new message: each destination once, by the row it last
 * heard of. What was not sent yet says the newest anyway. Pure; `at` is RFC 3339, now.
 */
export function renewDeliveries(
  deliveries: readonly Delivery[],
  message: { number: number; onlyOver: boolean },
  at: string,
): Delivery[] {
  return [...speakersOf(deliveries).values()].flatMap((row) => {
    if (row.status === 'DEAD') return [];
    if (message.onlyOver && !HEARS_OVER.has(row.channel)) return [];
    const isKnown = row.sent !== undefined || row.tried !== undefined;
    if (!isKnown && row.next_attempt_at === undefined) return [];
    const { sent: _said, last_error: _old, ...rest } = row;
    return [
      {
        ...rest,
        // The receiver may know of the group: whoever ends it has to tell it so.
        ...(isKnown && { tried: 'trigger' as const }),
        status: 'QUEUED' as const,
        desired: 'trigger' as const,
        desired_at: isKnown ? at : row.desired_at,
        attempts: 0,
        next_attempt_at: at,
        message: message.number,
        updated_at: at,
        revision: row.revision + 1,
      },
    ];
  });
}
