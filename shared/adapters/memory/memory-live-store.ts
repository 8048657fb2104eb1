import type { RecoverableTopic } from '#shared/live/schema.ts';
import type {
  Connection,
  LiveStore,
  StoredFrame,
  Ticket,
  TopicHead,
} from '#shared/ports/live-store.ts';

interface TopicRows {
  head: TopicHead;
  frames: (StoredFrame & { epoch: string; expires_at: number })[];
}

/** The live store in memory, for tests; keeps the same contract as the DynamoDB one. */
export function createMemoryLiveStore(): LiveStore {
  const tickets = new Map<string, Ticket>();
  const connections = new Map<string, Connection>();
  const topics = new Map<string, TopicRows>();
  const keyOf = (tenant: string, topic: RecoverableTopic) => `${tenant}#${topic}`;

  return {
    async putTicket(hash, ticket) {
      tickets.set(hash, ticket);
    },
    async takeTicket(hash) {
      const ticket = tickets.get(hash);
      tickets.delete(hash);
      return ticket;
    },
    async putConnection(connection) {
      connections.set(connection.connection_id, structuredClone(connection));
    },
    async getConnection(connectionId) {
      return structuredClone(connections.get(connectionId));
    },
    async deleteConnection(connectionId) {
      connections.delete(connectionId);
    },
    async putSubscription(connectionId, subscription) {
      const found = connections.get(connectionId);
      if (!found) return false;
      const others = found.subscriptions.filter(({ topic }) => topic !== subscription.topic);
      found.subscriptions = [...others, structuredClone(subscription)];
      return true;
    },
    async deleteSubscription(connectionId, topic) {
      const found = connections.get(connectionId);
      if (found) found.subscriptions = found.subscriptions.filter((held) => held.topic !== topic);
    },
    async listConnections(tenant, now) {
      return structuredClone(
        [...connections.values()].filter((row) => row.tenant === tenant && row.expires_at > now),
      );
    },
    async joinTopic(tenant, topic, newEpoch) {
      const key = keyOf(tenant, topic);
      const rows = topics.get(key) ?? {
        head: { epoch: newEpoch, offset: 0, generation: 0 },
        frames: [],
      };
      rows.head = { ...rows.head, generation: rows.head.generation + 1 };
      topics.set(key, rows);
      return rows.head;
    },
    async heads(tenant, asked) {
      const found = asked.flatMap((topic) => {
        const rows = topics.get(keyOf(tenant, topic));
        return rows ? [[topic, rows.head] as const] : [];
      });
      return new Map(found);
    },
    async appendFrames(tenant, topic, head, frames, expiresAt, anyGeneration) {
      const rows = topics.get(keyOf(tenant, topic));
      if (!rows || rows.head.epoch !== head.epoch || rows.head.offset !== head.offset) return false;
      if (!anyGeneration && rows.head.generation !== head.generation) return false;
      for (const [at, items] of frames.entries())
        rows.frames.push({
          offset: head.offset + at + 1,
          items,
          epoch: head.epoch,
          expires_at: expiresAt,
        });
      rows.head = { ...rows.head, offset: head.offset + frames.length };
      return true;
    },
    async readFrames(tenant, topic, after, limit, now) {
      const kept = topics.get(keyOf(tenant, topic))?.frames ?? [];
      return kept
        .filter(({ epoch, offset }) => epoch === after.epoch && offset > after.offset)
        .slice(0, limit)
        .filter((frame) => frame.expires_at > now)
        .map(({ offset, items }) => ({ offset, items }));
    },
  };
}
