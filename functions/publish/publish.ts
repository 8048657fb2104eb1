import * as z from 'zod';

import type { Warn } from '#functions/_runtime/warn.ts';
import { isNewer } from '#shared/adapters/aws/dynamo-row-schema.ts';
import { Envelope, type OutboxRow } from '#shared/audit/schema.ts';
import { publishOutbox } from '#shared/outbox/publish.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

const Text = z.object({ S: z.string() });
/** The new image of an outbox row in the journal's stream. */
const Image = z.object({
  outbox_id: Text,
  tenant: Text,
  created_at: Text,
  envelope_json: Text,
  row_schema: z.object({ N: z.string() }).optional(),
});

/** A DynamoDB stream batch, as far as it is read here. */
export interface StreamEvent {
  Records: readonly {
    eventName?: string;
    dynamodb?: { SequenceNumber?: string; NewImage?: unknown };
  }[];
}
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

function readRow(image: unknown): OutboxRow | undefined {
  const read = Image.safeParse(image);
  if (!read.success) return undefined;
  const { outbox_id, tenant, created_at, envelope_json, row_schema } = read.data;
  if (isNewer(row_schema?.N)) return undefined;
  try {
    const envelope = Envelope.parse(JSON.parse(envelope_json.S));
    return { outbox_id: outbox_id.S, tenant: tenant.S, created_at: created_at.S, envelope };
  } catch {
    return undefined;
  }
}

/**
 * Announces the outbox rows of one stream batch. Answers with the first record the bus did not take,
 * so that Lambda comes again from there. A row that cannot be read can never be sent: it is warned
 * about and stays in the table for a person; one that a newer version wrote, for that version's sweep.
 */
export async function publish(
  ports: { bus: MessageBus; journal: Pick<JournalStore, 'deleteOutbox'> },
  event: StreamEvent,
  warn: Warn,
): Promise<BatchResponse> {
  const rows: { row: OutboxRow; sequence: string }[] = [];
  for (const record of event.Records) {
    const image = record.dynamodb?.NewImage;
    if (record.eventName !== 'INSERT' || image === undefined) continue;
    const row = readRow(image);
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    if (row === undefined) warn('outbox row unreadable', { sequence });
    else rows.push({ row, sequence });
  }
  const report = await publishOutbox(
    ports,
    rows.map(({ row }) => row),
  );
  if (report.undeleted !== undefined) warn('outbox rows not deleted', { error: report.undeleted });
  const failed = report.errors.findIndex((error) => error !== undefined);
  if (failed < 0) return { batchItemFailures: [] };
  const { row, sequence } = rows[failed]!;
  warn('envelope not taken', { outbox_id: row.outbox_id, error: report.errors[failed] });
  return { batchItemFailures: [{ itemIdentifier: sequence }] };
}
