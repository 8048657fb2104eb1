import type { SourceRecord } from '#infra/local/service.ts';
import { compile } from '#shared/pattern/compile.ts';

/** True when any filter of the mapping matches the record as filters see it. */
export type FilterMatch = (view: unknown) => boolean;

/** Compiles filter criteria; undefined without any. A record no pattern can judge goes to the function. */
export function compileFilters(
  filters: readonly Record<string, unknown>[] | undefined,
): FilterMatch | undefined {
  if (!filters || filters.length === 0) return undefined;
  const patterns = compile(Object.fromEntries(filters.map((filter, index) => [index, filter])));
  return (view) => {
    try {
      return patterns.match(view).length > 0;
    } catch (error) {
      if (error instanceof RangeError) return true;
      throw error;
    }
  };
}

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
