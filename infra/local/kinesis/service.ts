import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsRequest, AwsResponse, AwsService, StreamSource } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { answerJson, operation } from '#infra/local/wire/json.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';

import { findStream } from './find.ts';
import type { StreamReference } from './find.ts';
import { getRecords, getShardIterator, RecordsRequest } from './get.ts';
import { IteratorRequest } from './iterator.ts';
import { answerPutRecords, readRecord, readRecords } from './put.ts';
import * as setting from './setting.ts';
import { createSource } from './source.ts';
import { StreamStore } from './store.ts';
import type { NewRecord, Shard, Stream } from './store.ts';
import * as streams from './stream.ts';
import { createPutFault, ThroughputLimit } from './throughput.ts';
import type { Refusal } from './throughput.ts';

const TRIM_EVERY_MS = 60_000;

export interface KinesisOptions {
  /** Database file, or `:memory:`. */
  file: string;
  clock: LocalClock;
  /** Hold every shard to 1,000 records and 1 MiB a second. Off unless asked for. */
  limitThroughput?: boolean;
}

export interface KinesisService extends AwsService {
  /** The stream as event source mappings read it; it may be created later. */
  source(streamName: string): StreamSource;
  /** Makes PutRecords refuse about `ratio` (0 to 1) of its records from now on; 0 ends it. */
  failPutRecords(ratio: number, seed: number): void;
}

/**
 * Kinesis Data Streams over one SQLite file: AWS JSON 1.1, a record is answered only once it is
 * durable (https://docs.aws.amazon.com/kinesis/latest/APIReference/). No resharding and no
 * enhanced fan-out: those operations are refused by name.
 */
export function createKinesis(options: KinesisOptions): KinesisService {
  const { clock } = options;
  const store = new StreamStore(options.file);
  const limit = options.limitThroughput ? new ThroughputLimit() : undefined;
  let fault: ((stream: Stream, shard: Shard) => Refusal | undefined) | undefined;
  const listeners = new Set<() => void>();
  let announcing: NodeJS.Immediate | undefined;
  let cancelTrim = clock.after(TRIM_EVERY_MS, trim);

  function trim(): void {
    for (const stream of store.streams.values()) store.trim(stream, clock.now());
    cancelTrim = clock.after(TRIM_EVERY_MS, trim);
  }

  function append(records: readonly NewRecord[]): string[] {
    const sequenceNumbers = store.append(records, clock.now());
    announcing ??= setImmediate(() => {
      announcing = undefined;
      for (const listener of listeners) listener();
    });
    return sequenceNumbers;
  }

  function putRecord(input: unknown) {
    const stream = findStream(store, input as StreamReference);
    const record = readRecord(stream, input, '');
    const refusal = limit?.admit(stream, record.shard, record.bytes, clock.now());
    if (refusal) throw new AwsError(refusal.ErrorCode, refusal.ErrorMessage);
    const [SequenceNumber] = append([record]);
    return { EncryptionType: 'NONE', SequenceNumber, ShardId: record.shard.id };
  }

  function putRecords(input: unknown) {
    const stream = findStream(store, input as StreamReference);
    const records = readRecords(stream, (input as Record<string, unknown>)['Records']);
    const now = clock.now();
    const refusals = records.map(
      ({ shard, bytes }) => fault?.(stream, shard) ?? limit?.admit(stream, shard, bytes, now),
    );
    const admitted = records.filter((_, index) => !refusals[index]);
    const sequenceNumbers = admitted.length > 0 ? append(admitted).values() : [].values();
    return answerPutRecords(
      records.map(
        ({ shard }, index) =>
          refusals[index] ?? { SequenceNumber: sequenceNumbers.next().value!, ShardId: shard.id },
      ),
    );
  }

  const now = () => clock.now();
  const operations: Record<string, JsonOperation> = {
    PutRecord: object(putRecord),
    PutRecords: object(putRecords),
    GetShardIterator: operation(IteratorRequest, (input) => getShardIterator(store, input, now())),
    GetRecords: operation(RecordsRequest, (input) => getRecords(store, input, now())),
    CreateStream: operation(streams.CreateRequest, (input) =>
      streams.createStream(store, input, now()),
    ),
    DeleteStream: operation(streams.Reference, (input) => store.delete(findStream(store, input))),
    DescribeStream: operation(streams.DescribeRequest, (input) =>
      streams.describeStream(store, input),
    ),
    DescribeStreamSummary: operation(streams.Reference, (input) =>
      streams.describeStreamSummary(store, input),
    ),
    ListStreams: operation(streams.ListStreamsRequest, (input) =>
      streams.listStreams(store, input),
    ),
    ListShards: operation(streams.ListShardsRequest, (input) => streams.listShards(store, input)),
    IncreaseStreamRetentionPeriod: operation(setting.RetentionRequest, (input) =>
      setting.changeRetention(store, input, 'increase'),
    ),
    DecreaseStreamRetentionPeriod: operation(setting.RetentionRequest, (input) =>
      setting.changeRetention(store, input, 'decrease'),
    ),
    AddTagsToStream: operation(setting.AddTagsRequest, (input) => setting.addTags(store, input)),
    RemoveTagsFromStream: operation(setting.RemoveTagsRequest, (input) =>
      setting.removeTags(store, input),
    ),
    ListTagsForStream: operation(streams.Reference, (input) => setting.listTags(store, input)),
  };

  return {
    handle: async (request) =>
      isCbor(request) ? refuseCbor() : answerJson(request, operations, '1.1'),
    source: (streamName) =>
      createSource(store, streamName, clock, (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      }),
    failPutRecords(ratio, seed) {
      fault = ratio > 0 ? createPutFault(ratio, seed) : undefined;
    },
    close() {
      cancelTrim();
      clearImmediate(announcing);
      listeners.clear();
      store.close();
      return Promise.resolve();
    },
  };
}

/** Hot operations check their input by hand; all they ask of the frame is a JSON object. */
function object(run: (input: object) => unknown): JsonOperation {
  return operation(z.custom<object>(isObject, 'Member must be an object'), run);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isCbor(request: AwsRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-amz-cbor') ?? false;
}

function refuseCbor(): AwsResponse {
  const code = 'SerializationException';
  const message =
    'CBOR is not spoken here: set AWS_CBOR_DISABLE=1 (Java: -Dcom.amazonaws.sdk.disableCbor)';
  return {
    status: 400,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
      'x-amzn-errortype': code,
    },
    body: JSON.stringify({ __type: code, message }),
  };
}
