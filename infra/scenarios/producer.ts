import { setTimeout as sleep } from 'node:timers/promises';

import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

import { STREAM } from '#infra/topology.ts';

import type { Put } from './workload.ts';

/** A record as bytes, when it is not one event's JSON. */
export interface RawPut {
  bytes: Uint8Array;
  partition_key: string;
}

/** What any AWS client needs to speak to a local instance. */
export function awsSettings(url: string) {
  return {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

export interface PutReport {
  calls: number;
  /** Calls of which some records were refused, and calls without an answer. */
  partial: number;
  unanswered: number;
}

export interface ProducerOptions {
  /** Records in one call; at most 500. */
  batch?: number;
  /** Gives up when nothing is answered for this long. */
  patienceMs?: number;
  /** Told after each batch how many records are answered. */
  onProgress?: (answered: number) => void | Promise<void>;
}

const text = new TextEncoder();

/**
 * Puts records with an unmodified SDK client, as a good producer does: what was refused is put again
 * before anything later, and a call without an answer is repeated until there is one.
 */
export async function putAll(
  url: string,
  puts: readonly (Put | RawPut)[],
  { batch = 250, patienceMs = 30_000, onProgress }: ProducerOptions = {},
): Promise<PutReport> {
  const client = new KinesisClient(awsSettings(url));
  const report: PutReport = { calls: 0, partial: 0, unanswered: 0 };
  try {
    for (let from = 0; from < puts.length; from += batch) {
      let left = puts.slice(from, from + batch).map((put) => ({
        Data: 'bytes' in put ? put.bytes : text.encode(JSON.stringify(put.event)),
        PartitionKey: put.partition_key,
      }));
      const givenUpAt = performance.now() + patienceMs;
      while (left.length > 0) {
        report.calls += 1;
        try {
          const command = new PutRecordsCommand({ StreamName: STREAM.name, Records: left });
          const { Records = [], FailedRecordCount = 0 } = await client.send(command);
          if (FailedRecordCount > 0) report.partial += 1;
          left = left.filter((_, index) => Records[index]?.SequenceNumber === undefined);
        } catch (error) {
          if (performance.now() > givenUpAt) throw error;
          report.unanswered += 1;
          await sleep(50);
        }
      }
      await onProgress?.(Math.min(from + batch, puts.length));
    }
  } finally {
    client.destroy();
  }
  return report;
}
