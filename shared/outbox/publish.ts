import type { OutboxRow } from '#shared/audit/schema.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { fitEnvelope } from './fit-envelope.ts';

/** What became of some outbox rows. */
export interface PublishReport {
  /** For each row in its order: undefined when the bus has it, else why not. */
  errors: (string | undefined)[];
  /** Set when published rows could not be deleted: the sweep will publish those once more. */
  undeleted?: unknown;
}

/**
 * Publishes outbox rows and deletes those the bus took, in this order, so that a crash between the
 * two announces twice and never not at all. Never throws for a fault of bus or table (reliability.md §3).
 */
export async function publishOutbox(
  ports: { bus: MessageBus; journal: Pick<JournalStore, 'deleteOutbox'> },
  rows: readonly OutboxRow[],
): Promise<PublishReport> {
  if (rows.length === 0) return { errors: [] };
  const results = await ports.bus.publish(rows.map((row) => fitEnvelope(row.envelope)));
  const errors = rows.map((_, index) => {
    const result = results[index];
    if (result === undefined) return 'the bus gave no answer';
    return result.ok ? undefined : result.error;
  });
  const taken = rows.filter((_, index) => errors[index] === undefined);
  if (taken.length === 0) return { errors };
  try {
    await ports.journal.deleteOutbox(taken.map(({ tenant, outbox_id }) => ({ tenant, outbox_id })));
  } catch (undeleted) {
    return { errors, undeleted };
  }
  return { errors };
}
