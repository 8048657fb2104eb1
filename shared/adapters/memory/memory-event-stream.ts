import type { EventStream } from '#shared/ports/event-stream.ts';

export interface MemoryEventStream extends EventStream {
  records: { partition_key: string; data: Uint8Array; sequence_number: string }[];
  /** Records for which this says true fail. */
  failing: (index: number) => boolean;
}

/** A stream that keeps its records in an array. */
export function createMemoryEventStream(): MemoryEventStream {
  const stream: MemoryEventStream = {
    records: [],
    failing: () => false,
    async put(records) {
      return records.map((record, index) => {
        if (stream.failing(index)) return { kind: 'failed', reason: 'throttled' };
        const sequence_number = String(stream.records.length + 1).padStart(56, '0');
        stream.records.push({ ...record, sequence_number });
        return { kind: 'put', sequence_number, shard_id: 'shardId-000000000000' };
      });
    },
  };
  return stream;
}
