import { OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

/** Gives a tenant a channel of its own, or its next version, past the checks of the API. */
export async function putChannel(
  channels: DocumentStore<OwnChannel>,
  tenant: string,
  fields: { channel_id: string; channel: string; name?: string } & Record<string, unknown>,
): Promise<void> {
  const expected = (await channels.get(tenant, fields.channel_id))?.version ?? 0;
  const document = OwnChannel.parse({ name: 'x', ...fields, version: expected + 1 });
  const id = document.channel_id;
  await channels.save(tenant, { id, document, expected, journal: [], outbox: [] });
}
