import type { Delivery } from '#shared/notification/schema.ts';

import { line } from './line.ts';
import type { ExplainLine, ExplainOutcome } from './schema.ts';

const NOT_NEEDED: Readonly<Record<string, ExplainOutcome>> = {
  'not needed: acknowledged': 'not_needed_acknowledged',
  'not needed: resolved': 'not_needed_resolved',
};
/** What overtook the first word to a receiver that never had it, by what it would now be told. */
const OVERTAKEN = {
  trigger: undefined,
  acknowledge: { outcome: 'not_needed_acknowledged', why: 'acknowledged' },
  resolve: { outcome: 'not_needed_resolved', why: 'resolved' },
} as const;

/**
 * What the rows of an alert's deliveries say beyond the journal: messages that were overtaken before
 * anybody had to hear them, and those still owed.
 */
export function deliveryLines(deliveries: readonly Delivery[]): ExplainLine[] {
  return deliveries.flatMap((row): ExplainLine[] => {
    const { delivery_key, channel, destination, receipt = '', updated_at } = row;
    const ids = { delivery_key, channel, destination, intent: row.desired, attempts: row.attempts };
    if (row.status === 'CONFIRMED' && receipt.startsWith('not needed')) {
      const overtaken =
        receipt === 'not needed: never triggered' ? OVERTAKEN[row.desired] : undefined;
      const why = overtaken?.why ?? receipt.slice('not needed: '.length);
      const words = `${destination} did not have to be told (${row.desired}): ${why} before`;
      const outcome = overtaken?.outcome ?? NOT_NEEDED[receipt] ?? 'not_needed';
      return [line(updated_at, 'delivery', outcome, words, ids)];
    }
    if (row.next_attempt_at === undefined) return [];
    const tries = row.attempts === 0 ? 'not tried yet' : `${row.attempts} attempts so far`;
    const error = row.last_error === undefined ? '' : `, the last one: ${row.last_error}`;
    const words = `${destination} has yet to be told (${row.desired}): ${tries}${error}`;
    return [line(updated_at, 'delivery', 'delivery_pending', words, ids)];
  });
}
