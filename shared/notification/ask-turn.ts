import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { Delivery, Intent } from '#shared/notification/schema.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';

import { retryDelayMs } from './backoff.ts';
import { PACES, PaceState, takeTurn } from './pace.ts';

const ROUNDS_MAX = 8;
const KEPT_MS = 24 * 3_600_000;

/** What the pace of the channel says to one message. */
export type Answer =
  | {
      kind: 'go';
      /** Delivery keys that may go in the same message. */
      together: string[];
      /** The pace could not be read: better too fast than not at all. */
      fault?: unknown;
    }
  /** `until` in milliseconds since the epoch. */
  | { kind: 'wait'; until: number };

/**
 * Asks for a turn in the one row that all notifiers of this tenant's channel share. A row that many
 * write at once makes the loser come again in a second or two, longer each time; a store that fails never holds a message back.
 */
export async function askTurn(
  ctx: Context,
  states: ChannelStateStore,
  delivery: Delivery,
  severity: Severity,
  intent: Intent,
): Promise<Answer> {
  const { tenant, destination, delivery_key, put_off } = delivery;
  const pace = PACES[delivery.channel];
  if (pace === undefined) return { kind: 'go', together: [] };
  const isFirstWord = intent === 'trigger' && delivery.message === undefined;
  const asker = {
    delivery_key,
    intent,
    // That something is over is urgent to a pager, not to people who read.
    critical: severity === 'CRITICAL' && !(pace.digest && intent === 'resolve'),
    put_off: put_off !== undefined,
    // What changes a message in place cannot be a line of another.
    digestible: pace.digest && (isFirstWord || delivery.destination_ref === undefined),
  };
  const now = ctx.now();
  try {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const found = await states.get(tenant, destination, 'pace');
      const known = PaceState.safeParse(found?.value);
      const turn = takeTurn(pace, known.success ? known.data : undefined, asker, now);
      const expected = found?.revision ?? 0;
      try {
        const expiresAt = Math.max(now, turn.state.queue_until) + KEPT_MS;
        await states.put(tenant, destination, 'pace', { value: turn.state, expected, expiresAt });
        return turn.kind === 'go'
          ? { kind: 'go', together: turn.together }
          : { kind: 'wait', until: turn.until };
      } catch (error) {
        if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
      }
    }
  } catch (fault) {
    return { kind: 'go', together: [], fault };
  }
  return { kind: 'wait', until: now + retryDelayMs(`${delivery_key}|pace`, (put_off ?? 0) + 1) };
}
