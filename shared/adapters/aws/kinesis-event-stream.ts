import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

import { SentryError } from '#shared/kernel/error.ts';
import type { EventStream, PutOutcome } from '#shared/ports/event-stream.ts';

/** PutRecords: ≤ 500 records and ≤ 5 MiB a call, keys included. */
const RECORDS_MAX = 500;
const BYTES_MAX = 5 * 1024 * 1024;
const ATTEMPTS_MAX = 4;

type StreamRecord = { partition_key: string; data: Uint8Array };

/**
 * Puts records on a Kinesis stream. What a call refuses inside its 200 is tried again with backoff;
 * `sleep` waits that many milliseconds.
 */
export function createKinesisEventStream(
  kinesis: KinesisClient,
  stream: string,
  sleep: (ms: number) => Promise<void>,
): EventStream {
  return {
    async put(records) {
      const outcomes: PutOutcome[] = records.map(() => ({ kind: 'failed', reason: 'not_sent' }));
      let waiting = records.map((record, index) => ({ record, index }));
      for (let attempt = 0; attempt < ATTEMPTS_MAX && waiting.length > 0; attempt++) {
        if (attempt > 0) await sleep(50 * 2 ** attempt);
        const refused: typeof waiting = [];
        for (const call of calls(waiting)) {
          const answers = await send(
            kinesis,
            stream,
            call.map(({ record }) => record),
          );
          call.forEach((one, at) => {
            outcomes[one.index] = answers[at]!;
            if (answers[at]!.kind === 'failed') refused.push(one);
          });
        }
        waiting = refused;
      }
      return outcomes;
    },
  };
}

function* calls<T extends { record: StreamRecord }>(waiting: readonly T[]): Generator<T[]> {
  let call: T[] = [];
  let bytes = 0;
  for (const one of waiting) {
    const size = one.record.data.length + Buffer.byteLength(one.record.partition_key);
    if (call.length === RECORDS_MAX || (call.length > 0 && bytes + size > BYTES_MAX)) {
      yield call;
      call = [];
      bytes = 0;
    }
    call.push(one);
    bytes += size;
  }
  if (call.length > 0) yield call;
}

async function send(
  kinesis: KinesisClient,
  stream: string,
  records: readonly StreamRecord[],
): Promise<PutOutcome[]> {
  try {
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: records.map(({ partition_key, data }) => ({
          PartitionKey: partition_key,
          Data: data,
        })),
      }),
    );
    return records.map((_, at): PutOutcome => {
      const answer = Records[at];
      return answer?.SequenceNumber
        ? { kind: 'put', sequence_number: answer.SequenceNumber, shard_id: answer.ShardId ?? '' }
        : { kind: 'failed', reason: answer?.ErrorCode ?? 'no_answer' };
    });
  } catch (error) {
    throw new SentryError(
      'unavailable',
      `The event stream cannot be reached: ${(error as Error).name}.`,
      {
        cause: error,
      },
    );
  }
}
