import type { Lane } from '#shared/detection/series.ts';
import type { LaneStore } from '#shared/ports/lane-store.ts';

/** A LaneStore in this process's memory, for tests. */
export function createMemoryLaneStore(): LaneStore {
  const lanes = new Map<string, Lane>();
  return {
    note: async (lane) => void lanes.set(lane.shard, { ...lane }),
    list: async () => [...lanes.values()].map((lane) => ({ ...lane })),
  };
}
