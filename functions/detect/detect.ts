import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';

import { type LaneNotes, noteLane } from '#shared/detection/note-lane.ts';
import {
  type BatchContext,
  type BatchPorts,
  type BatchReport,
  processBatch,
} from '#shared/detection/process-batch.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import { isTransient } from '#shared/kernel/error.ts';
import type { LaneStore } from '#shared/ports/lane-store.ts';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** What the function needs from outside. */
export interface DetectPorts extends BatchPorts {
  signingKey(): Promise<string>;
  default_tenant: string;
  lanes: Pick<LaneStore, 'note'>;
  lane_notes: LaneNotes;
  /** Metrics of the batch go here, once. */
  metrics: { addMetric(name: string, unit: Unit, value: number): unknown };
}

/**
 * One Kinesis batch → one domain call → the record to come again from, if any. What passes by itself
 * never fails the function, so that Lambda does not bisect a batch that has nothing wrong in it.
 */
export async function detect(
  event: KinesisStreamEvent,
  ports: DetectPorts,
  ctx: BatchContext,
): Promise<KinesisStreamBatchResponse> {
  const records = event.Records.map(recordOf);
  if (records.length === 0) return { batchItemFailures: [] };
  try {
    const { default_tenant } = ports;
    const tenancy = { default_tenant, signing_key: await ports.signingKey() };
    const report = await processBatch(ports, ctx, records, tenancy);
    measure(ports.metrics, report, ctx.now() - records[0]!.arrived_at_ms);
    const left = records.find(({ sequence }) => sequence === report.uncommitted);
    await note(ports, ctx, left ?? records.at(-1)!);
    return from(report.uncommitted);
  } catch (error) {
    await note(ports, ctx, records[0]!);
    if (!isTransient(error)) throw error;
    ports.warn('batch not detected', { error: String(error) });
    return from(records[0]!.sequence);
  }
}

/** A note that is lost is made again by the next batch. */
async function note(ports: DetectPorts, ctx: BatchContext, record: StreamRecord): Promise<void> {
  try {
    await noteLane(ports, ctx, record.shard, record.arrived_at_ms);
  } catch (error) {
    ports.warn('lane not noted', { error: String(error) });
  }
}

function from(sequence: string | undefined): KinesisStreamBatchResponse {
  return { batchItemFailures: sequence === undefined ? [] : [{ itemIdentifier: sequence }] };
}

function recordOf({ eventID, kinesis }: KinesisStreamEvent['Records'][number]): StreamRecord {
  return {
    shard: eventID.slice(0, eventID.indexOf(':')),
    sequence: kinesis.sequenceNumber,
    partition_key: kinesis.partitionKey,
    bytes: Buffer.from(kinesis.data, 'base64'),
    arrived_at_ms: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  };
}

function measure(metrics: DetectPorts['metrics'], report: BatchReport, ageMs: number): void {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count('Events', report.events);
  count('Matches', report.matches);
  count('AlertsOpened', report.opened + report.reopened);
  count('Quarantined', report.refused);
  count('RuleFaults', report.rule_faults);
  count('Duplicates', report.duplicates);
  count('SeriesRefused', report.series_refused);
  if (report.series_active !== undefined) count('SeriesActive', report.series_active);
  metrics.addMetric('DetectAge', MetricUnit.Milliseconds, Math.max(0, ageMs));
}
