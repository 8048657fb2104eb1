import type { Lane } from '#shared/detection/series.ts';

/** How far the detector has come in each shard of the event stream, as it noted itself. */
export interface LaneStore {
  /** Replaces what was noted of the shard. Throws `unavailable` on throttling or network faults. */
  note(lane: Lane): Promise<void>;
  /** All shards that ever noted something; throws `unavailable` likewise. */
  list(): Promise<Lane[]>;
}
