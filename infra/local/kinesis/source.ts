import type { LocalClock } from '#infra/local/clock.ts';
import { localArn, LOCAL_ACCOUNT, LOCAL_REGION } from '#infra/local/service.ts';
import type { SourceRecord, StreamSource } from '#infra/local/service.ts';

import { encode, READ_BYTES_MAX } from './get.ts';
import { formatSequence, parseSequence } from './sequence.ts';
import type { Shard, StoredRecord, StreamStore } from './store.ts';

/** What the JSON around one record of a Lambda event adds to its data and key. */
const FRAME_BYTES = 480;

/**
 * The stream as an event source mapping polls it. A stream that does not exist (yet) has no shards;
 * a sequence number of a deleted stream's namesake means "from the oldest".
 */
export function createSource(
  store: StreamStore,
  streamName: string,
  clock: LocalClock,
  onAppend: (listener: () => void) => () => void,
): StreamSource {
  const arn = localArn('kinesis', `stream/${streamName}`);
  return {
    arn,
    kind: 'kinesis',
    shardIds: () => store.streams.get(streamName)?.shards.map(({ id }) => id) ?? [],
    read(shardId, after, limit) {
      const stream = store.streams.get(streamName);
      const shard = stream?.shards.find(({ id }) => id === shardId);
      if (!stream || !shard) return [];
      const position = after === undefined ? 0 : (parseSequence(shard.prefix, after) ?? -1) + 1;
      if (position >= shard.next) return [];
      let records = store.read(shard, position, limit, READ_BYTES_MAX);
      const horizon = clock.now() - stream.retentionHours * 3_600_000;
      if (records[0] && records[0].arrivedAt < horizon) {
        store.trim(stream, clock.now());
        records = store.read(shard, position, limit, READ_BYTES_MAX);
      }
      return records.map((record) => toSourceRecord(arn, shard, record));
    },
    onAppend,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html, "Example event" */
function toSourceRecord(arn: string, shard: Shard, record: StoredRecord): SourceRecord {
  const sequenceNumber = formatSequence(shard.prefix, record.position);
  const data = encode(record.data);
  return {
    sequenceNumber,
    partitionKey: record.partitionKey,
    arrivedAt: record.arrivedAt,
    bytes: data.length + record.partitionKey.length + FRAME_BYTES,
    record: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: record.partitionKey,
        sequenceNumber,
        data,
        approximateArrivalTimestamp: record.arrivedAt / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shard.id}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${LOCAL_ACCOUNT}:role/sentry-local`,
      awsRegion: LOCAL_REGION,
      eventSourceARN: arn,
    },
  };
}
