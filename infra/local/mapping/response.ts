import type { SourceRecord } from '#infra/local/service.ts';

/** What a function's answer says about its batch. */
export type Verdict =
  | { kind: 'success' }
  /** Everything before `index` is done; retry from there. */
  | { kind: 'partial'; index: number }
  /** The answer names no record of the batch: all of it failed. */
  | { kind: 'failure' };

/**
 * Reads an answer by ReportBatchItemFailures
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html,
 * "Success and failure conditions").
 */
export function readResponse(response: unknown, batch: readonly SourceRecord[]): Verdict {
  if (typeof response !== 'object' || response === null) return { kind: 'success' };
  const { batchItemFailures: failures } = response as Record<string, unknown>;
  if (failures === undefined || failures === null) return { kind: 'success' };
  if (!Array.isArray(failures)) return { kind: 'failure' };
  if (failures.length === 0) return { kind: 'success' };
  const positions = new Map(batch.map((record, index) => [record.sequenceNumber, index]));
  let lowest = batch.length;
  for (const failure of failures as unknown[]) {
    const identifier = (failure as Record<string, unknown> | null)?.['itemIdentifier'];
    const index = typeof identifier === 'string' ? positions.get(identifier) : undefined;
    if (index === undefined) return { kind: 'failure' };
    lowest = Math.min(lowest, index);
  }
  return { kind: 'partial', index: lowest };
}
