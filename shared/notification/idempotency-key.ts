import type { Delivery, Intent } from '#shared/notification/schema.ts';

/**
 * What a receiver recognises a repetition by: the delivery key for the first trigger, and with the
 * intent and the time it was wanted for everything later, so that it stays the same over retries and
 * crashes but differs between one acknowledgement and the next.
 */
export function idempotencyKey(delivery: Delivery, intent: Intent): string {
  const { delivery_key, desired_at, created_at } = delivery;
  if (intent === 'trigger' && desired_at === created_at) return delivery_key;
  return `${delivery_key}|${intent}|${Date.parse(desired_at)}`;
}
