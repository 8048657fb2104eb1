import { requireScope } from '#shared/access/scope.ts';
import { PAGE_MAX } from '#shared/alert/list.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { IncidentFilter, Page } from '#shared/ports/work-store.ts';

import type { IncidentPorts } from './change.ts';
import type { Incident } from './schema.ts';

/** A page of the tenant's incidents, newest first; needs sentry.alert.read. The cursor is the store's own. */
export async function listIncidents(
  { work }: IncidentPorts,
  ctx: Context,
  filter: IncidentFilter,
  page: { limit: number; cursor?: string },
): Promise<Page<Incident>> {
  requireScope(ctx, 'sentry.alert.read');
  const limit = Math.min(Math.max(1, page.limit), PAGE_MAX);
  return work.listIncidents(ctx.tenant, filter, { ...page, limit });
}
