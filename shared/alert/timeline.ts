import { requireScope } from '#shared/access/scope.ts';
import type { TimelineEntry } from '#shared/audit/schema.ts';
import { sentenceOf } from '#shared/audit/sentence.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { JournalStore, Page, WorkStore } from '#shared/ports/work-store.ts';

import { PAGE_MAX } from './list.ts';

/** An alert's history, oldest first, as people read it; needs sentry.alert.read, throws `not_found`. */
export async function timeline(
  ports: { work: WorkStore; journal: JournalStore },
  ctx: Context,
  alertId: string,
  page: { limit: number; cursor?: string },
): Promise<Page<TimelineEntry>> {
  requireScope(ctx, 'sentry.alert.read');
  const limit = Math.min(Math.max(1, page.limit), PAGE_MAX);
  const subject = { kind: 'alert', id: alertId };
  const found = await ports.journal.listEntries(ctx.tenant, subject, { ...page, limit });
  if (found.items.length === 0 && !(await ports.work.getAlert(ctx.tenant, alertId)))
    throw new SentryError('not_found', `There is no alert ${alertId}.`);
  return {
    items: found.items.map((entry) => ({
      timeline_id: entry.entry_id,
      alert_id: alertId,
      entry: sentenceOf(entry),
      timestamp: entry.at,
      actor: entry.actor,
    })),
    ...(found.cursor !== undefined && { cursor: found.cursor }),
  };
}
