import type { LivePush } from '#shared/ports/live-push.ts';
import type { Connection, LiveStore } from '#shared/ports/live-store.ts';

import { CLOSE_CODES } from './limits.ts';
import { byeMessage } from './message.ts';
import type { Subscription, Topic } from './schema.ts';
import { TOPIC_SCOPES } from './topic-scope.ts';

const PUSHES_AT_ONCE = 64;

export interface FanOutReport {
  sent: number;
  /** Pushes that failed although the connection may live: its viewer sees the gap and resumes. */
  lost: number;
  /** Connections that turned out closed, or were closed because their token ran out. */
  ended: string[];
}

/**
 * Sends each connection that subscribes to the topic, and may still see it, the messages that
 * `messagesFor` makes of its subscription, in order; equal filters share the making. A message that is
 * lost ends that connection's turn, so that the hole is at the end, where the viewer notices it.
 */
export async function fanOut(
  topic: Topic,
  connections: readonly Connection[],
  messagesFor: (subscription: Subscription) => readonly string[],
  now: number,
  ports: { store: LiveStore; push: LivePush },
): Promise<FanOutReport> {
  const report: FanOutReport = { sent: 0, lost: 0, ended: [] };
  const made = new Map<string, readonly string[]>();
  const queue = connections.values();

  async function serve(connection: Connection): Promise<void> {
    const subscription = connection.subscriptions.find((held) => held.topic === topic);
    if (!subscription || !connection.scopes.includes(TOPIC_SCOPES[topic])) return;
    const id = connection.connection_id;
    if (connection.token_expires_at <= now) {
      await endConnection(id, ports);
      report.ended.push(id);
      return;
    }
    const key = JSON.stringify(subscription.filter);
    const messages = made.get(key) ?? messagesFor(subscription);
    made.set(key, messages);
    for (const message of messages) {
      const outcome = await ports.push.push(id, message);
      if (outcome === 'sent') report.sent++;
      else if (outcome === 'lost') report.lost++;
      else {
        report.ended.push(id);
        await ports.store.deleteConnection(id);
      }
      if (outcome !== 'sent') return;
    }
  }

  await Promise.all(
    Array.from({ length: Math.min(PUSHES_AT_ONCE, connections.length) }, async () => {
      for (const connection of queue) await serve(connection);
    }),
  );
  return report;
}

/** Says why, closes the connection and forgets it: what its token allowed is over. */
export async function endConnection(
  connectionId: string,
  ports: { store: LiveStore; push: LivePush },
): Promise<void> {
  await ports.push.push(
    connectionId,
    byeMessage(CLOSE_CODES.unauthorized, 'The access token has expired.'),
  );
  await ports.push.close(connectionId);
  await ports.store.deleteConnection(connectionId);
}
