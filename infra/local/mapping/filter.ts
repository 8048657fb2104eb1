import type { SourceRecord } from '#infra/local/service.ts';

/** True when any filter of the mapping matches the record as filters see it. */
export type FilterMatch = (view: unknown) => boolean;

/**
 * A record as filter criteria see it: for Kinesis its metadata with the decoded JSON under `data`,
 * for DynamoDB the record itself
 * (https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html, with-ddb-filtering.html).
 */
export function filterView(kind: 'kinesis' | 'dynamodb', { record }: SourceRecord): unknown {
  if (kind === 'dynamodb') return record;
  const { kinesis, ...rest } = record;
  const fields = kinesis as Record<string, unknown>;
  return { ...rest, ...fields, data: decode(String(fields['data'])) };
}

/** Data that is not JSON matches patterns over the plain string only. */
function decode(data: string): unknown {
  const text = Buffer.from(data, 'base64').toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
