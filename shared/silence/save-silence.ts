import { saveDocument, type SaveOptions } from '#shared/document/save-document.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import type { Silence } from './schema.ts';
import { SILENCE_KIND } from './silence-kind.ts';

/**
 * Saves a silence; without an id it gets one, without a start it starts now. Throws as `saveDocument`
 * does, and `invalid_input` for one that is over already.
 */
export async function saveSilence(
  store: DocumentStore<Silence>,
  ctx: Context,
  draft: Record<string, unknown>,
  options: SaveOptions,
): Promise<Silence> {
  const { silence_id = ctx.newId(), starts_at = new Date(ctx.now()).toISOString() } = draft;
  const checked = SILENCE_KIND.check({ ...draft, silence_id, starts_at });
  if (checked.ends_at !== undefined && Date.parse(checked.ends_at) <= ctx.now()) {
    const issues = [{ path: 'ends_at', message: 'is in the future' }];
    throw new SentryError('invalid_input', 'The silence is over already.', { issues });
  }
  return saveDocument(SILENCE_KIND, store, ctx, checked, options);
}
