import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsRequest, AwsResponse, AwsService, StreamSource } from '#infra/local/service.ts';
import { batchGet, batchWrite } from './batch.ts';
import * as control from './control.ts';
import { sweepExpired } from './expire.ts';
import { DynamoFailure, serializationFailure } from './failure.ts';
import { FaultSwitch } from './fault.ts';
import type { DynamoFault } from './fault.ts';
import { query } from './query.ts';
import { getItem } from './read.ts';
import { scan } from './scan.ts';
import { StreamLog } from './stream.ts';
import * as streams from './streams-api.ts';
import { Store } from './store.ts';
import { listTagsOfResource, tagResource, untagResource } from './tag.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGet, transactWrite } from './transact.ts';
import { writeItem } from './write.ts';
import type { WriteContext } from './write.ts';

/** The local DynamoDB: the service behind the gateway, and what the instance does with it. */
export interface LocalDynamoDb extends AwsService {
  /** The stream of a table for its event source mappings. Throws where the table has none. */
  source(tableName: string): StreamSource;
  /** Deletes items past their TTL and stream records past 24 h; returns the number of items. */
  sweepExpired(): number;
  /** Refuses a part of the item operations until called with undefined; counts from zero again. */
  fault(fault: DynamoFault | undefined): void;
  /** Calls refused by the fault set last. */
  refusedCalls(): number;
}

type Body = Record<string, unknown>;
type Operation = (body: Body, context: WriteContext) => object;

const ITEM_OPERATIONS: Record<string, Operation> = {
  PutItem: (body, context) => writeItem('Put', body, context),
  UpdateItem: (body, context) => writeItem('Update', body, context),
  DeleteItem: (body, context) => writeItem('Delete', body, context),
  GetItem: (body, { store }) => getItem(body, store),
  Query: (body, { store }) => query(body, store),
  Scan: (body, { store }) => scan(body, store),
  BatchGetItem: (body, { store }) => batchGet(body, store),
  BatchWriteItem: batchWrite,
  TransactWriteItems: transactWrite,
  TransactGetItems: (body, { store }) => transactGet(body, store),
};

const CONTROL_OPERATIONS: Record<string, Operation> = {
  CreateTable: control.createTable,
  DeleteTable: control.deleteTable,
  DescribeTable: control.describeOneTable,
  ListTables: control.listTables,
  UpdateTable: control.updateTable,
  UpdateTimeToLive: updateTimeToLive,
  DescribeTimeToLive: describeTimeToLive,
  DescribeContinuousBackups: control.describeContinuousBackups,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsOfResource: listTagsOfResource,
};

const STREAM_OPERATIONS: Record<string, Operation> = {
  ListStreams: streams.listStreams,
  DescribeStream: streams.describeStream,
  GetShardIterator: streams.getShardIterator,
  GetRecords: streams.getRecords,
};

const OPERATIONS: Record<string, Record<string, Operation>> = {
  DynamoDB_20120810: { ...ITEM_OPERATIONS, ...CONTROL_OPERATIONS },
  DynamoDBStreams_20120810: STREAM_OPERATIONS,
};

/**
 * DynamoDB on one SQLite file: AWS JSON 1.0, targets `DynamoDB_20120810.*` and
 * `DynamoDBStreams_20120810.*`. Every write, its index rows and its stream record are one SQLite
 * transaction. `file` may be `:memory:`.
 */
export function createDynamoDb(options: { file: string; clock: LocalClock }): LocalDynamoDb {
  const store = new Store(options.file);
  const stream = new StreamLog(store);
  const faults = new FaultSwitch();
  const context: WriteContext = { store, stream, now: () => options.clock.now() };

  function answer(request: AwsRequest): object {
    const [version, name] = (request.headers['x-amz-target'] ?? '').split('.');
    const operation = OPERATIONS[version ?? '']?.[name ?? ''];
    if (operation === undefined) {
      throw new DynamoFailure('com.amazon.coral.service#UnknownOperationException', '');
    }
    const body = parseBody(request.body);
    if (ITEM_OPERATIONS[name!] !== undefined) faults.meet(name!, body);
    return operation(body, context);
  }

  return {
    handle: (request) => {
      try {
        return Promise.resolve(respond(200, answer(request)));
      } catch (error) {
        if (error instanceof DynamoFailure) {
          return Promise.resolve(respond(error.status, error.body));
        }
        return Promise.reject(error);
      }
    },
    source: (tableName) => stream.source(tableName),
    sweepExpired: () => {
      stream.trim(options.clock.now());
      return sweepExpired(context);
    },
    fault: (fault) => faults.set(fault),
    refusedCalls: () => faults.refused,
    close: () => {
      store.close();
      return Promise.resolve();
    },
  };
}

function parseBody(bytes: Buffer): Body {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw serializationFailure('Unable to parse the request body as JSON');
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw serializationFailure('Start of structure or map found where not expected');
}

/** The SDKs of some languages check the CRC-32 of the body. */
function respond(status: number, value: object): AwsResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-crc32': String(crc32(body)),
      'x-amzn-requestid': randomUUID(),
    },
    body,
  };
}
