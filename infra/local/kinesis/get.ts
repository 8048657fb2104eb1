import * as z from 'zod';

import { AwsError } from '#infra/local/wire/error.ts';

import { findShard, findStream } from './find.ts';
import { formatIterator, parseIterator, startPosition } from './iterator.ts';
import type { IteratorRequest } from './iterator.ts';
import { formatSequence } from './sequence.ts';
import type { StreamStore } from './store.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const RECORDS_MAX = 10_000;
export const READ_BYTES_MAX = 10 * 1024 * 1024;

export const RecordsRequest = z.object({
  ShardIterator: z.string().min(1),
  Limit: z.number().int().min(1).max(RECORDS_MAX).default(RECORDS_MAX),
});

export function getShardIterator(
  store: StreamStore,
  request: z.infer<typeof IteratorRequest>,
  now: number,
) {
  const stream = findStream(store, request);
  const shard = findShard(stream, request.ShardId);
  const position = startPosition(store, stream, shard, request);
  const place = { streamRow: stream.row, shardIndex: shard.index, position };
  return { ShardIterator: formatIterator(place, now) };
}

/** Up to 10,000 records or 10 MiB from the iterator's place, and the iterator for what follows. */
export function getRecords(
  store: StreamStore,
  request: z.infer<typeof RecordsRequest>,
  now: number,
) {
  const place = parseIterator(request.ShardIterator, now);
  const stream = [...store.streams.values()].find(({ row }) => row === place.streamRow);
  const shard = stream?.shards[place.shardIndex];
  if (!stream || !shard) {
    throw new AwsError('ResourceNotFoundException', 'The stream of this iterator is gone.');
  }
  store.trim(stream, now);
  const records = store.read(shard, place.position, request.Limit, READ_BYTES_MAX);
  const position = records.length > 0 ? records.at(-1)!.position + 1 : place.position;
  const [following] = position < shard.next ? store.read(shard, position, 1, 0) : [];
  return {
    Records: records.map((record) => ({
      SequenceNumber: formatSequence(shard.prefix, record.position),
      ApproximateArrivalTimestamp: record.arrivedAt / 1000,
      Data: encode(record.data),
      PartitionKey: record.partitionKey,
      EncryptionType: 'NONE',
    })),
    NextShardIterator: formatIterator({ ...place, position }, now),
    MillisBehindLatest: following ? Math.max(now - following.arrivedAt, 0) : 0,
  };
}

/** Base64 of the bytes without copying them. */
export function encode(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
