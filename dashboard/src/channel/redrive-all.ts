import type { Call } from '#dashboard/api/http.ts';

/** As many as one page of the list, and one call of the redrive, hold. */
const PER_CALL = 100;
/** Where counting ends: beyond it the number is a lower bound. */
const PAGES_MAX = 20;

export interface DeadCount {
  count: number;
  /** There are more than were counted. */
  isMore: boolean;
}

/** How many dead deliveries a channel has now. Throws ApiError. */
export async function countDead(call: Call, channelId: string): Promise<DeadCount> {
  let count = 0;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = await call('deliveries.list', {
      channel_id: channelId,
      limit: PER_CALL,
      ...(cursor !== undefined && { cursor }),
    });
    count += found.items.length;
    cursor = found.cursor;
    if (cursor === undefined) return { count, isMore: false };
  }
  return { count, isMore: true };
}

/**
 * Tries the dead deliveries of a channel again, a hundred a call; tells after each how many so far. One
 * that dies again at once is not tried twice: it ends when as many as were counted are taken up, or when
 * a call takes up none. Returns how many. Throws ApiError.
 */
export async function redriveAll(
  call: Call,
  channelId: string,
  { count, isMore }: DeadCount,
  tell: (redriven: number) => void,
): Promise<number> {
  let redriven = 0;
  for (;;) {
    const step = await call('channels.redrive', { channel_id: channelId });
    redriven += step.redriven;
    tell(redriven);
    if (!step.more || step.redriven === 0 || (!isMore && redriven >= count)) return redriven;
  }
}
