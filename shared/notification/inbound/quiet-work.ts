import type { Delivery, Intent } from '#shared/notification/schema.ts';
import type { Change, WorkStore } from '#shared/ports/work-store.ts';

/**
 * The delivery without the message it owes, when that message would only tell the channel what the
 * channel has just told us. What was never sent, or is being sent, is left alone: nobody knows what
 * the receiver has heard.
 */
function withoutEcho(row: Delivery, channelId: string, intent: Intent, at: string): Delivery {
  if (row.destination !== channelId || row.desired !== intent) return row;
  if (row.next_attempt_at === undefined || row.sent === undefined || row.tried !== undefined)
    return row;
  const { next_attempt_at: _none, last_error: _old, ...rest } = row;
  return { ...rest, status: 'SENT', sent: intent, sent_at: at, receipt: 'said by the receiver' };
}

/** The store, through which no commit makes a channel hear its own news. Wakened notifiers find nothing owed. */
export function quietWork(
  work: WorkStore,
  said: { channel_id: string; intent: Intent; at: string },
): WorkStore {
  const quiet = (change: Change): Change =>
    change.kind === 'delivery'
      ? { ...change, row: withoutEcho(change.row, said.channel_id, said.intent, said.at) }
      : change;
  return {
    ...work,
    commit: (commit) => work.commit({ ...commit, changes: commit.changes.map(quiet) }),
  };
}
