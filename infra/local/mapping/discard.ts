import { randomUUID } from 'node:crypto';

import { localArn } from '#infra/local/service.ts';
import type { SourceRecord } from '#infra/local/service.ts';
import type { StreamMapping } from '#infra/topology.ts';

/** Why a mapping gave records up, in AWS's words. */
type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Records a mapping gave up, ready for its on-failure destination. */
export interface Discard {
  destination: StreamMapping['onFailure'];
  /** Object key below an S3 destination's prefix: `<shard>/<yyyy>/<mm>/<dd>/<time>-<uuid>`. */
  key: string;
  /**
   * The invocation record: metadata, and for S3 the whole event as JSON text in `payload`
   * (https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html).
   */
  document: Record<string, unknown>;
  records: readonly SourceRecord[];
}

/** What is known about the attempts that failed. */
export interface Attempts {
  condition: DiscardCondition;
  invokeCount: number;
  /** The last answer: `Unhandled` after a function error, null after reported item failures. */
  functionError: 'Unhandled' | null;
}

export function describeDiscard(
  mapping: StreamMapping,
  source: { arn: string; kind: 'kinesis' | 'dynamodb' },
  shardId: string,
  records: readonly SourceRecord[],
  attempts: Attempts,
  now: number,
): Discard {
  const at = new Date(now).toISOString();
  const requestId = randomUUID();
  const first = records[0]!;
  const last = records.at(-1)!;
  const batch = {
    shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
    batchSize: records.length,
    streamArn: source.arn,
  };
  const invoked = attempts.invokeCount > 0;
  const document = {
    requestContext: {
      requestId,
      functionArn: localArn('lambda', `function:${mapping.function}`),
      condition: attempts.condition,
      approximateInvokeCount: attempts.invokeCount,
    },
    ...(invoked && { responseContext: responseContext(attempts.functionError) }),
    version: '1.0',
    timestamp: at,
    [source.kind === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: batch,
    ...(mapping.onFailure.kind === 's3' && {
      payload: JSON.stringify({ Records: records.map(({ record }) => record) }),
    }),
  };
  const day = at.slice(0, 10).replaceAll('-', '/');
  const time = at.slice(0, 19).replaceAll(':', '.');
  return {
    destination: mapping.onFailure,
    key: `${shardId}/${day}/${time}-${requestId}`,
    document,
    records,
  };
}

function responseContext(functionError: 'Unhandled' | null) {
  return {
    statusCode: 200,
    executedVersion: '$LATEST',
    ...(functionError && { functionError }),
  };
}
