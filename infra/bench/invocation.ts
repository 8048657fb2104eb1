import type { KinesisStreamEvent } from 'aws-lambda';

import type { StreamRecord } from '#shared/detection/read-records.ts';

/** What Lambda hands the detect function. */
export type Invocation = KinesisStreamEvent;

/**
 * The JSON of one invocation with the events in records of `eventsPerRecord` (arrays when more than one).
 * `batch` raises the sequence numbers, so that later batches come after earlier ones.
 */
export function encodeInvocation(
  events: readonly Buffer[],
  eventsPerRecord: number,
  batch: number,
): string {
  const arrived = Date.now() / 1000;
  const records: Invocation['Records'] = [];
  for (let at = 0; at < events.length; at += eventsPerRecord) {
    const some = events.slice(at, at + eventsPerRecord);
    const body =
      some.length === 1 ? some[0]! : `[${some.map((event) => event.toString()).join(',')}]`;
    const sequence = String((batch + 1_000) * 1e7 + at).padStart(56, '4');
    records.push({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: `host-${at % 64}`,
        sequenceNumber: sequence,
        data: Buffer.from(body).toString('base64'),
        approximateArrivalTimestamp: arrived,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000006:${sequence}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/sentry-detect',
      awsRegion: 'eu-central-1',
      eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sentry-events',
    });
  }
  return JSON.stringify({ Records: records });
}

/** One record of an invocation as the detector takes it. */
export function recordOf({ eventID, kinesis }: Invocation['Records'][number]): StreamRecord {
  return {
    shard: eventID.slice(0, eventID.indexOf(':')),
    sequence: kinesis.sequenceNumber,
    partition_key: kinesis.partitionKey,
    bytes: Buffer.from(kinesis.data, 'base64'),
    arrived_at_ms: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  };
}
