import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';

import { type ArchivedRecord, writeArchive } from '#shared/archive/write-archive.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

/** What the function needs from outside. */
export interface ArchivePorts {
  archive: Pick<EventArchive, 'put'>;
  signingKey(): Promise<string>;
  defaultTenant: string;
}

/** A Kinesis batch becomes archive objects; a failure retries the whole batch, which overwrites itself. */
export async function archive(
  event: KinesisStreamEvent,
  ports: ArchivePorts,
): Promise<KinesisStreamBatchResponse> {
  const records = event.Records.map((record): ArchivedRecord => ({
    shard: record.eventID.slice(0, record.eventID.indexOf(':')),
    sequence: record.kinesis.sequenceNumber,
    partition_key: record.kinesis.partitionKey,
    arrived_at_ms: Math.round(record.kinesis.approximateArrivalTimestamp * 1000),
    data: Buffer.from(record.kinesis.data, 'base64'),
  }));
  await writeArchive(records, { ...ports, signingKey: await ports.signingKey() });
  return { batchItemFailures: [] };
}
