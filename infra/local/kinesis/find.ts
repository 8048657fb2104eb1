import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';

import type { Shard, Stream, StreamStore } from './store.ts';

/** How a request names its stream: by name, by ARN, or both. */
export interface StreamReference {
  StreamName?: unknown;
  StreamARN?: unknown;
}

/** The stream a request means; refuses with InvalidArgumentException or ResourceNotFoundException. */
export function findStream(store: StreamStore, reference: StreamReference): Stream {
  const name = streamName(reference);
  const stream = store.streams.get(name);
  if (stream) return stream;
  throw new AwsError(
    'ResourceNotFoundException',
    `Stream ${name} under account ${LOCAL_ACCOUNT} not found.`,
  );
}

export function findShard(stream: Stream, shardId: string): Shard {
  const shard = stream.shards.find(({ id }) => id === shardId);
  if (shard) return shard;
  throw new AwsError(
    'ResourceNotFoundException',
    `Shard ${shardId} in stream ${stream.name} under account ${LOCAL_ACCOUNT} does not exist`,
  );
}

function streamName({ StreamName: name, StreamARN: arn }: StreamReference): string {
  const fromArn = typeof arn === 'string' ? /:stream\/([^/]+)$/.exec(arn)?.[1] : undefined;
  if (arn !== undefined && fromArn === undefined) {
    throw new AwsError('ValidationException', `Value at 'streamARN' is no ARN of a stream`);
  }
  if (typeof name === 'string' && name !== '') {
    if (fromArn === undefined || fromArn === name) return name;
    throw new AwsError(
      'InvalidArgumentException',
      'StreamARN and StreamName must be of the same stream',
    );
  }
  if (fromArn !== undefined) return fromArn;
  throw new AwsError(
    'InvalidArgumentException',
    'Either StreamName or StreamARN should be specified.',
  );
}
