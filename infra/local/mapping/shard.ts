import type { LocalClock } from '#infra/local/clock.ts';
import type { Invoker, SourceRecord, StreamSource } from '#infra/local/service.ts';
import type { StreamMapping } from '#infra/topology.ts';

import { deliverBatch } from './deliver.ts';
import type { DeliveryListener } from './deliver.ts';
import type { Attempts } from './discard.ts';
import { filterView } from './filter.ts';
import type { FilterMatch } from './filter.ts';
import { Lane, laneOf } from './lane.ts';
import { Progress } from './progress.ts';

const READ_MAX = 1000;
/** Reads in one go before other work of the process gets its turn. */
const READS_IN_A_ROW = 10;

export interface ShardParts {
  shardId: string;
  mapping: StreamMapping;
  source: StreamSource;
  invoker: Invoker;
  clock: LocalClock;
  signal: AbortSignal;
  match: FilterMatch | undefined;
  /** Sequence number after which to start. */
  checkpoint: string | undefined;
  /** Makes the checkpoint durable. */
  onCheckpoint: (sequenceNumber: string) => void;
  onDiscard: (records: readonly SourceRecord[], attempts: Attempts) => Promise<void>;
  onInvoke: () => void;
  onFailure: () => void;
  onDone: (count: number) => void;
  onFiltered: (count: number) => void;
  /** Something came to rest: look again whether all is done. */
  onRest: () => void;
}

/** Reads one shard and drives its lanes; the checkpoint stays below the lowest unfinished record. */
export class Shard {
  readonly #parts: ShardParts;
  readonly #lanes: Lane[];
  readonly #progress = new Progress();
  readonly #runs = new Set<Promise<void>>();
  readonly #listener: DeliveryListener;
  #cursor: string | undefined;
  #again: NodeJS.Immediate | undefined;

  constructor(parts: ShardParts) {
    this.#parts = parts;
    this.#cursor = parts.checkpoint;
    const { batchSize, parallelizationFactor } = parts.mapping;
    this.#lanes = Array.from({ length: parallelizationFactor }, () => new Lane(batchSize));
    this.#listener = {
      onDone: (records) => {
        parts.onDone(records.length);
        this.#finish(records);
      },
      onDiscard: async (records, attempts) => {
        await parts.onDiscard(records, attempts);
        this.#finish(records);
      },
      onInvoke: parts.onInvoke,
      onFailure: parts.onFailure,
    };
  }

  /** Reads what is new and sends what is due; call it after every append. */
  pump(): void {
    if (this.#parts.signal.aborted) return;
    this.#fill();
    for (const lane of this.#lanes) this.#dispatch(lane);
  }

  /** Nothing read is unfinished and nothing is left to read. */
  get idle(): boolean {
    const { source, shardId } = this.#parts;
    return this.#progress.length === 0 && source.read(shardId, this.#cursor, 1).length === 0;
  }

  /** Age in ms of the oldest record read and not finished; 0 when there is none. */
  get ageMs(): number {
    const { oldest } = this.#progress;
    return oldest ? Math.max(this.#parts.clock.now() - oldest.arrivedAt, 0) : 0;
  }

  /** Resolves when no batch is with the function any more. */
  async settle(): Promise<void> {
    clearImmediate(this.#again);
    for (const lane of this.#lanes) lane.cancelWindow?.();
    await Promise.all(this.#runs);
  }

  #fill(): void {
    const { source, shardId, match, clock } = this.#parts;
    const now = clock.now();
    let filtered = 0;
    for (let reads = 0; this.#wantsMore(); reads += 1) {
      if (reads === READS_IN_A_ROW) {
        this.#again ??= setImmediate(() => {
          this.#again = undefined;
          this.pump();
        });
        break;
      }
      const records = source.read(shardId, this.#cursor, this.#readSize());
      if (records.length === 0) break;
      this.#cursor = records.at(-1)!.sequenceNumber;
      for (const record of records) {
        this.#progress.add(record);
        if (match && !match(filterView(source.kind, record))) {
          this.#progress.finish([record]);
          filtered += 1;
        } else {
          this.#lanes[laneOf(record.partitionKey, this.#lanes.length)]!.push(record, now);
        }
      }
    }
    if (filtered > 0) {
      this.#parts.onFiltered(filtered);
      this.#advance();
      this.#parts.onRest();
    }
  }

  /** Some free lane could take more, and not too much is held for the others. */
  #wantsMore(): boolean {
    if (this.#lanes.some((lane) => lane.overfull)) return false;
    return this.#lanes.some((lane) => !lane.busy && !lane.full);
  }

  #readSize(): number {
    const [only] = this.#lanes;
    return this.#lanes.length === 1 ? Math.min(only!.room, READ_MAX) : READ_MAX;
  }

  #dispatch(lane: Lane): void {
    if (lane.busy || lane.length === 0) return;
    const { clock, mapping } = this.#parts;
    const due = lane.openedAt + mapping.batchWindowSeconds * 1000;
    if (!lane.full && clock.now() < due) {
      lane.cancelWindow ??= clock.at(due, () => {
        lane.cancelWindow = undefined;
        this.pump();
      });
      return;
    }
    lane.cancelWindow?.();
    lane.cancelWindow = undefined;
    const run = this.#run(lane);
    this.#runs.add(run);
    void run.finally(() => this.#runs.delete(run));
  }

  async #run(lane: Lane): Promise<void> {
    const { mapping, invoker, clock, signal } = this.#parts;
    lane.busy = true;
    const batch = lane.take(clock.now());
    await deliverBatch(batch, mapping, { invoker, clock, signal, listener: this.#listener });
    lane.busy = false;
    this.pump();
    this.#parts.onRest();
  }

  #finish(records: readonly SourceRecord[]): void {
    this.#progress.finish(records);
    this.#advance();
  }

  #advance(): void {
    const sequenceNumber = this.#progress.advance();
    if (sequenceNumber !== undefined) this.#parts.onCheckpoint(sequenceNumber);
  }
}
