import { saveDocument } from '#shared/document/save-document.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import type { Service } from './schema.ts';
import { SERVICE_KIND } from './service-kind.ts';

/**
 * Describes the given services where nobody ever has: what people changed or removed stays as it is.
 * Returns the names written. Throws `invalid_input`, `forbidden`.
 */
export async function seedServices(
  store: DocumentStore<Service>,
  context: Context,
  drafts: readonly unknown[],
): Promise<string[]> {
  const written: string[] = [];
  for (const draft of drafts) {
    const { service } = SERVICE_KIND.check(draft);
    if ((await store.get(context.tenant, service)) !== undefined) continue;
    try {
      await saveDocument(SERVICE_KIND, store, context, draft, { create: true });
      written.push(service);
    } catch (error) {
      // Someone else wrote it between the look and here: theirs stays.
      if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    }
  }
  return written;
}
