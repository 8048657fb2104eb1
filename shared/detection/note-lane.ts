import type { Clock } from '#shared/kernel/context.ts';
import type { LaneStore } from '#shared/ports/lane-store.ts';

import type { Lane } from './series.ts';

/** A lane this far behind holds back the judgement of silence. */
const BEHIND_MS = 60_000;
/** A lane that noted nothing for so long works on nothing: it has caught up, or its shard was split or merged away. */
const GONE_MS = 5 * 60_000;

/** By shard, whether this process last noted that it is behind; a shard it never noted is not in it. */
export type LaneNotes = Map<string, boolean>;

/**
 * Notes how far a shard has come, when it is behind or has just caught up, so that a lane in time costs
 * no writes. `arrivedAtMs`: when the newest record arrived that is done, or the oldest that is not.
 * Throws `unavailable`.
 */
export async function noteLane(
  ports: { lanes: Pick<LaneStore, 'note'>; lane_notes: LaneNotes },
  clock: Clock,
  shard: string,
  arrivedAtMs: number,
): Promise<void> {
  const now = clock.now();
  const behind = now - arrivedAtMs > BEHIND_MS;
  if (!behind && ports.lane_notes.get(shard) === false) return;
  await ports.lanes.note({
    shard,
    arrived_at: new Date(arrivedAtMs).toISOString(),
    noted_at: new Date(now).toISOString(),
  });
  ports.lane_notes.set(shard, behind);
}

/**
 * Up to when silence may be judged, in milliseconds: now, or when the oldest record arrived that a lane
 * is still behind with, because a series must not be called silent for events that wait in our stream.
 */
export function horizonOf(lanes: readonly Lane[], now: number): number {
  let horizon = now;
  for (const lane of lanes) {
    const arrivedAt = Date.parse(lane.arrived_at);
    const notedAt = Date.parse(lane.noted_at);
    const behind = notedAt - arrivedAt > BEHIND_MS && now - notedAt < GONE_MS;
    if (behind) horizon = Math.min(horizon, arrivedAt);
  }
  return horizon;
}
