import { requireScope } from '#shared/access/scope.ts';
import { formatInstant } from '#shared/event/instant.ts';
import { signTenantKey } from '#shared/event/tenant-key.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { EventStream, PutOutcome } from '#shared/ports/event-stream.ts';
import { RECORD_BYTES_MAX } from '#shared/ports/event-stream.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';

import { getQuarantined } from './read.ts';
import type { QuarantineRow } from './schema.ts';

/**
 * Puts the bytes on the stream again, as they came, under the caller's tenant. What is still wrong comes
 * back to quarantine and counts up. Needs `sentry.ingest`. A crash after the put replays at most twice;
 * the event ids are the same, so nothing downstream counts twice.
 */
export async function replayQuarantined(
  quarantineId: string,
  context: Context,
  ports: { quarantine: QuarantineStore; stream: EventStream; signingKey(): Promise<string> },
): Promise<QuarantineRow> {
  requireScope(context, 'sentry.ingest');
  const { row, raw } = await getQuarantined(
    quarantineId,
    { ...context, scopes: new Set(['sentry.read']) },
    ports.quarantine,
  );
  const key = await ports.signingKey();
  const partition_key = signTenantKey(key, context.tenant, context.newId(), raw);
  if (raw.length + partition_key.length > RECORD_BYTES_MAX)
    throw new SentryError('too_large', 'These bytes do not fit into one record of the stream.');
  const replayed: QuarantineRow = {
    ...row,
    state: 'REPLAYED',
    replayed_by: context.actor,
    replayed_at: formatInstant(context.now()),
    revision: row.revision + 1,
  };
  // The mark comes first: a record that is refused again must find it and turn it back to HELD.
  await ports.quarantine.put(replayed, row.revision);
  let outcome: PutOutcome | undefined;
  let cause: unknown;
  try {
    [outcome] = await ports.stream.put([{ partition_key, data: raw }]);
  } catch (error) {
    cause = error;
  }
  if (outcome?.kind === 'put') return replayed;
  await ports.quarantine.put(
    { ...replayed, state: 'HELD', revision: replayed.revision + 1 },
    replayed.revision,
  );
  throw new SentryError(
    'unavailable',
    'The stream did not take the record. It is still held; try again.',
    { cause },
  );
}
