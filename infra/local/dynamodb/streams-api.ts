import { modelFailure, validationFailure } from './failure.ts';
import { sequenceText, shardIds, streamArn } from './stream.ts';
import type { StreamLog } from './stream.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';

type Body = Record<string, unknown>;

/** What the DynamoDB Streams API needs of the instance. */
export interface StreamsContext {
  store: Store;
  stream: StreamLog;
}

const RECORDS_MAX = 1000;

function streamed(body: Body, store: Store): Table {
  const found = store
    .tables()
    .find((table) => table.stream !== undefined && streamArn(table) === body['StreamArn']);
  if (found !== undefined) return found;
  throw modelFailure(
    'ResourceNotFoundException',
    `Requested resource not found: Stream: ${String(body['StreamArn'])} not found`,
  );
}

export function listStreams(body: Body, { store }: StreamsContext): Body {
  const tables = store
    .tables()
    .filter((table) => table.stream !== undefined)
    .filter((table) => body['TableName'] === undefined || table.TableName === body['TableName']);
  return {
    Streams: tables.map((table) => ({
      StreamArn: streamArn(table),
      TableName: table.TableName,
      StreamLabel: table.stream!.label,
    })),
  };
}

export function describeStream(body: Body, { store }: StreamsContext): Body {
  const table = streamed(body, store);
  return {
    StreamDescription: {
      StreamArn: body['StreamArn'],
      StreamLabel: table.stream!.label,
      StreamStatus: table.stream!.enabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: table.stream!.view,
      CreationRequestDateTime: table.CreationDateTime,
      TableName: table.TableName,
      KeySchema: table.KeySchema,
      Shards: shardIds().map((ShardId) => ({
        ShardId,
        SequenceNumberRange: { StartingSequenceNumber: sequenceText(1) },
      })),
    },
  };
}

/** An iterator is the shard and the number it stands after, as text anyone may read. */
export function getShardIterator(body: Body, { store, stream }: StreamsContext): Body {
  const table = streamed(body, store);
  const shardId = String(body['ShardId']);
  if (!shardIds().includes(shardId)) {
    throw modelFailure('ResourceNotFoundException', `Requested resource not found: ${shardId}`);
  }
  const at = body['SequenceNumber'];
  const after = {
    TRIM_HORIZON: () => undefined,
    LATEST: () => stream.newest(table, shardId),
    AFTER_SEQUENCE_NUMBER: () => String(at),
    AT_SEQUENCE_NUMBER: () => String(BigInt(String(at)) - 1n),
  }[String(body['ShardIteratorType'])];
  if (after === undefined) throw validationFailure('Invalid ShardIteratorType');
  return { ShardIterator: iterator(table, shardId, after()) };
}

function iterator(table: Table, shardId: string, after: string | undefined): string {
  return `${streamArn(table)}|${shardId}|${after ?? ''}`;
}

export function getRecords(body: Body, { store, stream }: StreamsContext): Body {
  const [arn, shardId, after] = String(body['ShardIterator']).split('|');
  const table = streamed({ StreamArn: arn }, store);
  const limit = Math.min(
    typeof body['Limit'] === 'number' ? body['Limit'] : RECORDS_MAX,
    RECORDS_MAX,
  );
  const found = stream.read(table, shardId!, after || undefined, limit);
  return {
    Records: found.map(({ record }) => {
      const { eventSourceARN: _, userIdentity, ...rest } = record;
      if (userIdentity === undefined) return rest;
      const { principalId, type } = userIdentity as { principalId: string; type: string };
      return { ...rest, userIdentity: { PrincipalId: principalId, Type: type } };
    }),
    NextShardIterator: iterator(table, shardId!, found.at(-1)?.sequenceNumber ?? after),
  };
}
