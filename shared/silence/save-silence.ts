import { removeDocument, saveDocument, type SaveOptions } from '#shared/document/save-document.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { endOf } from './end-of.ts';
import { planReminder } from './remind.ts';
import type { Silence } from './schema.ts';
import { SILENCE_KIND } from './silence-kind.ts';

const DAY_MS = 86_400_000;
/** What is over stays in the list for so long, for whoever wants it again; its history stays for good. */
const KEPT_MS = 7 * DAY_MS;
/** Most of what is over that one call puts away. */
const PUT_AWAY_MAX = 10;

export interface SilencePorts {
  silences: DocumentStore<Silence>;
  work: Pick<WorkStore, 'commit' | 'listTimers'>;
}

/**
 * Saves a silence; without an id it gets one, without a start it starts now. Silences that have been
 * over for a week leave the list, because every alert that opens is held against all of it. Throws as
 * `saveDocument` does, and `invalid_input` for one that is over already.
 */
export async function saveSilence(
  ports: SilencePorts,
  ctx: Context,
  draft: Record<string, unknown>,
  options: SaveOptions,
): Promise<Silence> {
  const { silence_id = ctx.newId(), starts_at = new Date(ctx.now()).toISOString() } = draft;
  const checked = SILENCE_KIND.check({ ...draft, silence_id, starts_at });
  if (endOf(checked) <= ctx.now()) {
    const issues = [{ path: 'ends_at', message: 'is in the future' }];
    throw new SentryError('invalid_input', 'The silence is over already.', { issues });
  }
  await planReminder(ports.work, ctx, checked);
  const saved = await saveDocument(SILENCE_KIND, ports.silences, ctx, checked, options);
  await putAway(ports.silences, ctx);
  return saved;
}

async function putAway(store: DocumentStore<Silence>, ctx: Context): Promise<void> {
  const all = await store.list(ctx.tenant);
  const over = all.filter((silence) => endOf(silence) + KEPT_MS <= ctx.now());
  for (const { silence_id, version } of over.slice(0, PUT_AWAY_MAX))
    try {
      const options = { if_version: version, reason: 'It is over.' };
      await removeDocument(SILENCE_KIND, store, ctx, silence_id, options);
    } catch (error) {
      // Somebody extends or removes it right now: then it is theirs.
      const code = error instanceof SentryError ? error.code : undefined;
      if (code !== 'conflict' && code !== 'precondition_failed') throw error;
    }
}
