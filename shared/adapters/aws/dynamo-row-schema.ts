import { SentryError } from '#shared/kernel/error.ts';

import type { Item } from './dynamo-access.ts';

/**
 * The shape of rows that this code writes and understands. It grows with a change that an older reader
 * would get wrong; a new field that may be absent is none. Rows without a number are of the first.
 */
export const ROW_SCHEMA = 1;

export function isNewer(rowSchema: unknown): boolean {
  return Number(rowSchema ?? 1) > ROW_SCHEMA;
}

/**
 * While a deployment replaces workers, old and new ones read the same rows. Throws `unavailable` for a
 * row that a newer one wrote: it is left alone, and whoever asked comes again, to a newer worker.
 */
export function refuseNewer(item: Item): void {
  if (isNewer(item.row_schema))
    throw new SentryError('unavailable', 'A newer version wrote this row; it is left to that.');
}
