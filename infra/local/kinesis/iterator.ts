import * as z from 'zod';

import { AwsError } from '#infra/local/wire/error.ts';

import { parseSequence } from './sequence.ts';
import type { Shard, Stream, StreamStore } from './store.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFETIME_MS = 300_000;

/** A place in a shard: the position the next GetRecords starts from. */
interface Place {
  streamRow: number;
  shardIndex: number;
  position: number;
}

/** An opaque token for a place, good for five minutes from `now`. */
export function formatIterator(place: Place, now: number): string {
  const fields = [place.streamRow, place.shardIndex, place.position, now];
  return Buffer.from(`shard-iterator:${fields.join(':')}`).toString('base64');
}

/** Reads a token; refuses with InvalidArgumentException or ExpiredIteratorException. */
export function parseIterator(token: string, now: number): Place {
  const text = Buffer.from(token, 'base64').toString('latin1');
  const match = /^shard-iterator:(\d{1,15}):(\d{1,6}):(\d{1,15}):(\d{1,15})$/.exec(text);
  if (!match) throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
  const [streamRow, shardIndex, position, issuedAt] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (now - issuedAt > LIFETIME_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(issuedAt).toISOString()} while right now it is ${new Date(now).toISOString()} which is further in the future than the tolerated delay of ${LIFETIME_MS} milliseconds.`,
    );
  }
  return { streamRow, shardIndex, position };
}

export const IteratorRequest = z.object({
  StreamName: z.string().optional(),
  StreamARN: z.string().optional(),
  ShardId: z.string(),
  ShardIteratorType: z.enum([
    'AT_SEQUENCE_NUMBER',
    'AFTER_SEQUENCE_NUMBER',
    'TRIM_HORIZON',
    'LATEST',
    'AT_TIMESTAMP',
  ]),
  StartingSequenceNumber: z.string().optional(),
  /** Unix seconds, with fraction. */
  Timestamp: z.number().optional(),
});

/** The position a GetShardIterator request asks for. */
export function startPosition(
  store: StreamStore,
  stream: Stream,
  shard: Shard,
  request: z.infer<typeof IteratorRequest>,
): number {
  switch (request.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return shard.next;
    case 'AT_TIMESTAMP':
      if (request.Timestamp === undefined) {
        throw new AwsError(
          'InvalidArgumentException',
          'Must either specify timestamp for AT_TIMESTAMP.',
        );
      }
      return store.positionAt(shard, Math.floor(request.Timestamp * 1000));
    case 'AT_SEQUENCE_NUMBER':
      return sequencePosition(stream, shard, request.StartingSequenceNumber);
    default:
      return sequencePosition(stream, shard, request.StartingSequenceNumber) + 1;
  }
}

function sequencePosition(
  stream: Stream,
  shard: Shard,
  sequenceNumber: string | undefined,
): number {
  const position =
    sequenceNumber === undefined ? undefined : parseSequence(shard.prefix, sequenceNumber);
  if (position !== undefined) return position;
  throw new AwsError(
    'InvalidArgumentException',
    sequenceNumber === undefined
      ? 'StartingSequenceNumber must be given with AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER.'
      : `StartingSequenceNumber ${sequenceNumber} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} is invalid because it did not come from this stream.`,
  );
}
