import type { Delivery, Intent } from '#shared/notification/schema.ts';

import type { AlertState } from './schema.ts';

/** Channels that are told of an acknowledgement, and those that are told of a resolve. */
const HEARS_ACK: ReadonlySet<string> = new Set(['pagerduty', 'webhook']);
const HEARS_RESOLVE: ReadonlySet<string> = new Set(['pagerduty', 'webhook', 'slack']);

/** What a delivery's receiver should know of an alert in this state; undefined where it is not told. */
function intentOf(delivery: Delivery, state: AlertState): Intent | undefined {
  const { channel } = delivery;
  if (state === 'OPEN') return 'trigger';
  if (state === 'ACK')
    return HEARS_ACK.has(channel) || isChangeable(delivery) ? 'acknowledge' : undefined;
  return HEARS_RESOLVE.has(channel) ? 'resolve' : undefined;
}

/** A message in chat that is changed in place, which disturbs nobody. */
function isChangeable({ channel, destination_ref }: Delivery): boolean {
  return channel === 'slack' && destination_ref !== undefined;
}

interface Wish {
  /** RFC 3339; there for a resolved alert and removed otherwise. */
  expiresAt?: string | undefined;
  /** Destinations that the same commit tells anew. */
  renewed?: ReadonlySet<string>;
}

/**
 * The deliveries of an alert that just came into `state`, each with what its receiver should know now;
 * only the rows that change, those with something owed first. A destination that several steps told
 * is told once, by the row it last heard of.
 */
export function desireDeliveries(
  deliveries: readonly Delivery[],
  state: AlertState,
  at: string,
  { expiresAt, renewed }: Wish = {},
): Delivery[] {
  const changed: Delivery[] = [];
  const speakers = speakersOf(deliveries);
  for (const delivery of deliveries) {
    const { destination } = delivery;
    const speaks = speakers.get(destination) === delivery && !renewed?.has(destination);
    const intent = speaks ? intentOf(delivery, state) : undefined;
    const next = intent === undefined ? delivery : desire(delivery, intent, at);
    if (next === delivery && delivery.expires_at === expiresAt) continue;
    const { expires_at: _former, ...rest } = next;
    changed.push({
      ...rest,
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      updated_at: at,
      revision: delivery.revision + 1,
    });
  }
  return changed.sort((a, b) => Number(isOwed(b)) - Number(isOwed(a)));
}

/** For each destination the row that speaks to it: the one it last heard of. */
export function speakersOf(deliveries: readonly Delivery[]): Map<string, Delivery> {
  const speakers = new Map<string, Delivery>();
  for (const row of deliveries.toSorted((a, b) => a.step - b.step)) {
    const former = speakers.get(row.destination);
    if (!former || wasTold(row) || !wasTold(former)) speakers.set(row.destination, row);
  }
  return speakers;
}

/** Whether the receiver may have heard of the alert by this row. */
function wasTold({ sent, tried }: Delivery): boolean {
  return sent !== undefined || tried !== undefined;
}

function isOwed({ next_attempt_at }: Delivery): boolean {
  return next_attempt_at !== undefined;
}

function desire(delivery: Delivery, intent: Intent, at: string): Delivery {
  const { status, sent, desired, tried } = delivery;
  const pending = delivery.next_attempt_at !== undefined;
  const leased = delivery.lease_until !== undefined && delivery.lease_until > at;
  if (sent === undefined && status === 'DEAD') return { ...delivery, desired: intent };
  const untold = sent === undefined && tried === undefined;
  if (untold && status === 'CONFIRMED' && intent !== 'trigger')
    return { ...delivery, desired: intent };
  // Who looked while nobody had to be told may be about to settle it: written anew, their commit fails.
  if (desired === intent && pending && intent === 'trigger') return { ...delivery };
  if (desired === intent && (pending || sent === intent || status === 'DEAD')) return delivery;
  // An attempt whose end nobody knows may have told the receiver otherwise.
  if (sent === intent && !leased && (tried === undefined || tried === intent)) {
    const { next_attempt_at: _none, last_error: _old, ...rest } = delivery;
    return { ...rest, desired: intent, desired_at: at, status: 'SENT', attempts: 0 };
  }
  // While a sender holds the lease nobody knows what it will have said, so say it again.
  const { sent: said, last_error: _old, ...rest } = delivery;
  return {
    ...rest,
    ...(said !== undefined && said !== intent && { sent: said }),
    desired: intent,
    desired_at: at,
    status: 'QUEUED',
    attempts: 0,
    next_attempt_at: at,
  };
}

/** The distinct channels with something owed, for routing on the bus. */
export function owedChannels(deliveries: readonly Delivery[]): string[] {
  const owed = deliveries.filter(isOwed);
  return [...new Set(owed.map(({ channel }) => channel))].sort();
}

/** `deliveries` with the changed rows in the place of their former selves. */
export function withChanged(
  deliveries: readonly Delivery[],
  changed: readonly Delivery[],
): Delivery[] {
  const byKey = new Map(changed.map((row) => [row.delivery_key, row]));
  return deliveries.map((row) => byKey.get(row.delivery_key) ?? row);
}
