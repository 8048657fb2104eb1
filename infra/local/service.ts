/** One request in an AWS wire protocol, read whole; header names are lower-case. */
export interface AwsRequest {
  method: string;
  /** Decoded path without query, e.g. `/sentry-store/archive/a.gz`. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** From the SigV4 credential scope; `us-east-1` when unsigned. */
  region: string;
}

export interface AwsResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

/** One emulated AWS service behind the gateway. */
export interface AwsService {
  handle(request: AwsRequest): Promise<AwsResponse>;
  close(): Promise<void>;
}

/** Why an invocation gave no result: what Lambda would call a function error. */
export class InvocationError extends Error {
  readonly kind: 'handled' | 'timeout' | 'crash';
  constructor(kind: 'handled' | 'timeout' | 'crash', message: string) {
    super(message);
    this.name = 'InvocationError';
    this.kind = kind;
  }
}

/** Runs functions in worker processes; rejects with InvocationError. */
export interface Invoker {
  invoke(functionName: string, event: unknown, options?: { timeoutMs?: number }): Promise<unknown>;
}

/** One record of a stream, in the shape its event source mapping hands to the function. */
export interface SourceRecord {
  sequenceNumber: string;
  partitionKey: string;
  /** Milliseconds since the epoch, on the local clock. */
  arrivedAt: number;
  /** The Lambda event record (`Records[i]`). */
  record: Record<string, unknown>;
  /** Bytes it adds to the 6 MB payload of an invocation. */
  bytes: number;
}

/** What an event source mapping polls: a Kinesis stream or a table's stream. */
export interface StreamSource {
  arn: string;
  kind: 'kinesis' | 'dynamodb';
  shardIds(): readonly string[];
  /** Records after `sequenceNumber` (undefined = from the oldest kept), in order. */
  read(shardId: string, after: string | undefined, limit: number): readonly SourceRecord[];
  /** Calls back after every append (coalesced); returns the way to stop. */
  onAppend(listener: () => void): () => void;
}

export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

export function localArn(service: string, resource: string, region = LOCAL_REGION): string {
  return `arn:aws:${service}:${region}:${LOCAL_ACCOUNT}:${resource}`;
}
