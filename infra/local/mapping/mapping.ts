import type { LocalClock } from '#infra/local/clock.ts';
import type { Invoker, StreamSource } from '#infra/local/service.ts';
import type { StreamMapping } from '#infra/topology.ts';

import type { Checkpoints } from './checkpoint.ts';
import { describeDiscard } from './discard.ts';
import type { Discard } from './discard.ts';
import { compileFilters } from './filter.ts';
import { Shard } from './shard.ts';

export interface MappingParts {
  source: StreamSource;
  invoker: Invoker;
  checkpoints: Checkpoints;
  clock: LocalClock;
  /** Stores what was given up; the mapping goes on once it resolves and repeats it when it rejects. */
  onFailure: (discard: Discard) => Promise<void>;
}

export interface MappingStats {
  invocations: number;
  /** Invocations that did not succeed whole, and failed deliveries to the destination. */
  failures: number;
  /** Records the function has done. */
  records: number;
  filtered: number;
  discarded: number;
  /** Age of the oldest record read and not finished, in ms. */
  iteratorAgeMs: number;
}

export interface EventSourceMapping {
  start(): void;
  /** Takes up nothing new; resolves when what is with the function has come back. */
  stop(): Promise<void>;
  /** Resolves once everything in the stream is done, filtered out or discarded. */
  idle(): Promise<void>;
  stats(): MappingStats;
}

/**
 * A Lambda event source mapping over a stream, from TRIM_HORIZON or its checkpoint: batches, windows,
 * filters, partial failures, bisecting, retries, age limit and on-failure destination as documented
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
 */
export function createMapping(definition: StreamMapping, parts: MappingParts): EventSourceMapping {
  const { source, invoker, checkpoints, clock } = parts;
  const match = compileFilters(definition.filters);
  const name = `${source.arn} ${definition.function}`;
  const shards = new Map<string, Shard>();
  const totals = { invocations: 0, failures: 0, records: 0, filtered: 0, discarded: 0 };
  const abort = new AbortController();
  let waiting: (() => void)[] = [];
  let unsubscribe: (() => void) | undefined;

  function pump(): void {
    if (!unsubscribe || abort.signal.aborted) return;
    for (const shardId of source.shardIds()) {
      let shard = shards.get(shardId);
      if (!shard) shards.set(shardId, (shard = makeShard(shardId)));
      shard.pump();
    }
  }

  function makeShard(shardId: string): Shard {
    return new Shard({
      shardId,
      mapping: definition,
      source,
      invoker,
      clock,
      signal: abort.signal,
      match,
      checkpoint: checkpoints.read(name, shardId),
      onCheckpoint: (sequenceNumber) => checkpoints.write(name, shardId, sequenceNumber),
      async onDiscard(records, attempts) {
        const now = clock.now();
        const { onFailure } = parts;
        await onFailure(describeDiscard(definition, source, shardId, records, attempts, now));
        totals.discarded += records.length;
      },
      onInvoke: () => void (totals.invocations += 1),
      onFailure: () => void (totals.failures += 1),
      onDone: (count) => void (totals.records += count),
      onFiltered: (count) => void (totals.filtered += count),
      onRest: announce,
    });
  }

  function isIdle(): boolean {
    return source
      .shardIds()
      .every(
        (shardId) => shards.get(shardId)?.idle ?? source.read(shardId, undefined, 1).length === 0,
      );
  }

  function announce(): void {
    if (waiting.length === 0 || abort.signal.aborted || !isIdle()) return;
    for (const resolve of waiting.splice(0)) resolve();
  }

  return {
    start() {
      unsubscribe ??= source.onAppend(pump);
      pump();
    },
    async stop() {
      abort.abort();
      unsubscribe?.();
      await Promise.all([...shards.values()].map((shard) => shard.settle()));
      for (const resolve of waiting.splice(0)) resolve();
    },
    idle() {
      if (isIdle()) return Promise.resolve();
      return new Promise((resolve) => void waiting.push(resolve));
    },
    stats: () => ({
      ...totals,
      iteratorAgeMs: Math.max(0, ...[...shards.values()].map(({ ageMs }) => ageMs)),
    }),
  };
}
