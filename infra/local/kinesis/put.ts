import { AwsError } from '#infra/local/wire/error.ts';

import { parseHashKey } from './hash-range.ts';
import type { NewRecord, Stream } from './store.ts';
import type { Refusal } from './throughput.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const RECORDS_MAX = 500;
const REQUEST_BYTES_MAX = 10 * 1024 * 1024;
/** MaxRecordSizeInKiB of a stream that was not given a larger one. */
export const RECORD_BYTES_MAX = 1024 * 1024;
const PARTITION_KEY_MAX = 256;

interface PutResult {
  SequenceNumber: string;
  ShardId: string;
}

/** One record of PutRecord or PutRecords, checked and routed; `path` prefixes what a refusal names. */
export function readRecord(
  stream: Stream,
  entry: unknown,
  path: string,
): NewRecord & { bytes: number } {
  if (typeof entry !== 'object' || entry === null) throw invalid(`${path}record`, 'must be a map');
  const {
    Data: data,
    PartitionKey: partitionKey,
    ExplicitHashKey: hashKey,
  } = entry as Record<string, unknown>;
  if (typeof partitionKey !== 'string') throw invalid(`${path}partitionKey`, 'must not be null');
  if (partitionKey.length === 0 || partitionKey.length > PARTITION_KEY_MAX) {
    throw invalid(`${path}partitionKey`, `must have length between 1 and ${PARTITION_KEY_MAX}`);
  }
  if (typeof data !== 'string') throw invalid(`${path}data`, 'must not be null');
  const decoded = Buffer.from(data, 'base64');
  if (decoded.byteLength !== Buffer.byteLength(data, 'base64')) {
    throw new AwsError('SerializationException', `'${path}data' is not base64`);
  }
  const bytes = decoded.byteLength + Buffer.byteLength(partitionKey);
  if (bytes > RECORD_BYTES_MAX) {
    throw invalid(
      `${path}data`,
      `data and partition key together may have ${RECORD_BYTES_MAX} bytes, these have ${bytes}`,
    );
  }
  return { shard: route(stream, partitionKey, hashKey), partitionKey, data: decoded, bytes };
}

function route(stream: Stream, partitionKey: string, hashKey: unknown) {
  if (hashKey === undefined || hashKey === null) return stream.shards[stream.route(partitionKey)]!;
  const explicit = typeof hashKey === 'string' ? parseHashKey(hashKey) : undefined;
  if (explicit === undefined) {
    throw new AwsError(
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${JSON.stringify(hashKey)}`,
    );
  }
  return stream.shards[stream.route(partitionKey, explicit)]!;
}

/** Checks the whole call; one bad record refuses all of them, as the service does. */
export function readRecords(stream: Stream, entries: unknown): (NewRecord & { bytes: number })[] {
  if (!Array.isArray(entries)) throw invalid('records', 'must not be null');
  if (entries.length === 0 || entries.length > RECORDS_MAX) {
    throw invalid('records', `must have length between 1 and ${RECORDS_MAX}`);
  }
  const records = entries.map((entry, index) =>
    readRecord(stream, entry, `records.${index + 1}.member.`),
  );
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  if (bytes > REQUEST_BYTES_MAX) {
    throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
  }
  return records;
}

/** The answer of PutRecords: results and refusals in the order of the request. */
export function answerPutRecords(outcomes: readonly (PutResult | Refusal)[]) {
  const failed = outcomes.filter((outcome) => 'ErrorCode' in outcome).length;
  return { EncryptionType: 'NONE', FailedRecordCount: failed, Records: outcomes };
}

function invalid(path: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member ${constraint}`,
  );
}
