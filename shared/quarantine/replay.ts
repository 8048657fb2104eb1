import { requireScope } from '#shared/access/scope.ts';
import { formatInstant } from '#shared/event/instant.ts';
import { signTenantKey } from '#shared/event/tenant-key.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { EventStream } from '#shared/ports/event-stream.ts';
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
  const replayed: QuarantineRow = {
    ...row,
    state: 'REPLAYED',
    replayed_by: context.actor,
    replayed_at: formatInstant(context.now()),
    revision: row.revision + 1,
  };
  // The mark comes first: a record that is refused again must find it and turn it back to HELD.
  await ports.quarantine.put(replayed, row.revision);
  const partition_key = signTenantKey(
    await ports.signingKey(),
    context.tenant,
    context.newId(),
    raw,
  );
  const [outcome] = await ports.stream.put([{ partition_key, data: raw }]);
  if (outcome?.kind !== 'put') {
    await ports.quarantine.put(
      { ...replayed, state: 'HELD', revision: replayed.revision + 1 },
      replayed.revision,
    );
    throw new SentryError(
      'unavailable',
      'The stream did not take the record. It is still held; try again.',
    );
  }
  return replayed;
}
