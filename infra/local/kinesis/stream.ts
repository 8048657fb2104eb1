import * as z from 'zod';

import { AwsError } from '#infra/local/wire/error.ts';

import { findStream } from './find.ts';
import { RECORD_BYTES_MAX } from './put.ts';
import { formatSequence } from './sequence.ts';
import type { Shard, Stream, StreamStore } from './store.ts';

const SHARDS_MAX = 500;

export const Reference = z.object({
  StreamName: z.string().optional(),
  StreamARN: z.string().optional(),
});

export const CreateRequest = z.object({
  StreamName: z.string().regex(/^[a-zA-Z0-9_.-]{1,128}$/),
  ShardCount: z.number().int().min(1).optional(),
  StreamModeDetails: z.object({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
});

/** Makes a stream that is ACTIVE at once (the service takes some seconds in CREATING). */
export function createStream(
  store: StreamStore,
  request: z.infer<typeof CreateRequest>,
  now: number,
): undefined {
  const mode = request.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  const shards = mode === 'ON_DEMAND' ? 4 : request.ShardCount;
  if (shards === undefined) {
    throw new AwsError('ValidationException', 'ShardCount is required in PROVISIONED mode.');
  }
  if (store.streams.has(request.StreamName)) {
    throw new AwsError('ResourceInUseException', `Stream ${request.StreamName} already exists.`);
  }
  if (shards > SHARDS_MAX) {
    throw new AwsError('LimitExceededException', `A stream may have ${SHARDS_MAX} shards here.`);
  }
  store.create(request.StreamName, shards, mode, now);
}

export const DescribeRequest = Reference.extend({
  Limit: z.number().int().min(1).max(10_000).default(100),
  ExclusiveStartShardId: z.string().optional(),
});

export function describeStream(store: StreamStore, request: z.infer<typeof DescribeRequest>) {
  const stream = findStream(store, request);
  const page = pageOfShards(stream, request.ExclusiveStartShardId, request.Limit);
  const description = {
    ...describe(stream),
    Shards: page.shards.map(describeShard),
    HasMoreShards: page.more,
  };
  return { StreamDescription: description };
}

export function describeStreamSummary(store: StreamStore, request: z.infer<typeof Reference>) {
  const stream = findStream(store, request);
  const summary = {
    ...describe(stream),
    OpenShardCount: stream.shards.length,
    ConsumerCount: 0,
    MaxRecordSizeInKiB: RECORD_BYTES_MAX / 1024,
  };
  return { StreamDescriptionSummary: summary };
}

export const ListStreamsRequest = z.object({
  Limit: z.number().int().min(1).max(10_000).default(100),
  ExclusiveStartStreamName: z.string().optional(),
  NextToken: z.string().optional(),
});

export function listStreams(store: StreamStore, request: z.infer<typeof ListStreamsRequest>) {
  const after = request.NextToken ?? request.ExclusiveStartStreamName ?? '';
  const names = [...store.streams.keys()].sort().filter((name) => name > after);
  const page = names.slice(0, request.Limit);
  const more = names.length > page.length;
  return {
    StreamNames: page,
    HasMoreStreams: more,
    StreamSummaries: page.map((name) => {
      const { StreamARN, StreamName, StreamStatus, StreamModeDetails, StreamCreationTimestamp } =
        describe(store.streams.get(name)!);
      return { StreamARN, StreamName, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
    }),
    ...(more ? { NextToken: page.at(-1) } : {}),
  };
}

export const ListShardsRequest = Reference.extend({
  ExclusiveStartShardId: z.string().optional(),
  MaxResults: z.number().int().min(1).max(10_000).default(1000),
  NextToken: z.string().optional(),
});

export function listShards(store: StreamStore, request: z.infer<typeof ListShardsRequest>) {
  const token = request.NextToken === undefined ? undefined : readToken(request.NextToken);
  const stream = findStream(store, token ? { StreamName: token.name } : request);
  const after = token?.shardId ?? request.ExclusiveStartShardId;
  const page = pageOfShards(stream, after, request.MaxResults);
  return {
    Shards: page.shards.map(describeShard),
    ...(page.more ? { NextToken: formatToken(stream.name, page.shards.at(-1)!.id) } : {}),
  };
}

function pageOfShards(stream: Stream, after: string | undefined, limit: number) {
  const rest = stream.shards.filter(({ id }) => after === undefined || id > after);
  return { shards: rest.slice(0, limit), more: rest.length > limit };
}

function formatToken(name: string, shardId: string): string {
  return Buffer.from(`${name}/${shardId}`).toString('base64');
}

function readToken(token: string): { name: string; shardId: string } {
  const [name, shardId] = Buffer.from(token, 'base64').toString('latin1').split('/');
  if (name && shardId) return { name, shardId };
  throw new AwsError('InvalidArgumentException', 'Invalid NextToken.');
}

function describe(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function describeShard(shard: Shard) {
  return {
    ShardId: shard.id,
    HashKeyRange: {
      StartingHashKey: String(shard.range.start),
      EndingHashKey: String(shard.range.end),
    },
    SequenceNumberRange: { StartingSequenceNumber: formatSequence(shard.prefix, 0) },
  };
}
