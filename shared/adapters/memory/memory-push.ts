import type { LivePush, PushOutcome } from '#shared/ports/live-push.ts';

/** Remembers what was pushed, for tests; `fail` makes a connection answer as told. */
export function createMemoryPush(): LivePush & {
  sent: { connection_id: string; message: unknown }[];
  closed: string[];
  fail: Map<string, PushOutcome>;
} {
  const sent: { connection_id: string; message: unknown }[] = [];
  const closed: string[] = [];
  const fail = new Map<string, PushOutcome>();
  return {
    sent,
    closed,
    fail,
    async push(connectionId, message) {
      const outcome = fail.get(connectionId) ?? 'sent';
      if (outcome === 'sent')
        sent.push({ connection_id: connectionId, message: JSON.parse(message) });
      return outcome;
    },
    async close(connectionId) {
      closed.push(connectionId);
    },
  };
}
