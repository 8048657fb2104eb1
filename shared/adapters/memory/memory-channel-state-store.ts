import { SentryError } from '#shared/kernel/error.ts';
import type {
  ChannelHour,
  ChannelStateStore,
  StoredState,
} from '#shared/ports/channel-state-store.ts';

/** What channels remember, in this process's memory, for tests; `now` decides what has expired. */
export function createMemoryChannelStateStore(now: () => number): ChannelStateStore {
  const states = new Map<string, StoredState & { expiresAt: number }>();
  const hours = new Map<string, ChannelHour>();
  const keyOf = (...parts: string[]) => JSON.stringify(parts);
  function read(key: string): StoredState | undefined {
    const found = states.get(key);
    if (!found || found.expiresAt <= now()) return undefined;
    return structuredClone({ value: found.value, revision: found.revision });
  }
  return {
    async get(tenant, channelId, name) {
      return read(keyOf(tenant, channelId, name));
    },
    async put(tenant, channelId, name, { value, expected, expiresAt }) {
      const key = keyOf(tenant, channelId, name);
      if ((read(key)?.revision ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this meanwhile.');
      states.set(key, { value: structuredClone(value), revision: expected + 1, expiresAt });
    },
    async count(tenant, channelId, { counter, at, words }) {
      const hour = new Date(Math.floor(at / 3_600_000) * 3_600_000).toISOString();
      const key = keyOf(tenant, channelId, hour);
      const row = hours.get(key) ?? { hour, counts: {}, last: {} };
      row.counts[counter] = (row.counts[counter] ?? 0) + 1;
      row.last[counter] = { at: new Date(at).toISOString(), ...(words !== undefined && { words }) };
      hours.set(key, row);
    },
    async hours(tenant, channelId, limit) {
      const own = [...hours].filter(([key]) => {
        const [t, c] = JSON.parse(key) as [string, string];
        return t === tenant && c === channelId;
      });
      const rows = own.map(([, row]) => row).sort((a, b) => (a.hour < b.hour ? 1 : -1));
      return structuredClone(rows.slice(0, limit));
    },
  };
}
