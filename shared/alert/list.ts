import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { AlertFilter, Page } from '#shared/ports/work-store.ts';

import type { AlertPorts } from './change.ts';
import type { Alert } from './schema.ts';

/** Most alerts in one page. */
export const PAGE_MAX = 100;

/** A page of the tenant's alerts, newest first; needs sentry.alert.read. The cursor is the store's own. */
export async function listAlerts(
  ports: AlertPorts,
  ctx: Context,
  filter: AlertFilter,
  page: { limit: number; cursor?: string },
): Promise<Page<Alert>> {
  requireScope(ctx, 'sentry.alert.read');
  const limit = Math.min(Math.max(1, page.limit), PAGE_MAX);
  return ports.work.listAlerts(ctx.tenant, filter, { ...page, limit });
}

/** One alert with its evidence; needs sentry.alert.read, throws `not_found`. */
export async function getAlert(ports: AlertPorts, ctx: Context, alertId: string): Promise<Alert> {
  requireScope(ctx, 'sentry.alert.read');
  const alert = await ports.work.getAlert(ctx.tenant, alertId);
  if (!alert) throw new SentryError('not_found', `There is no alert ${alertId}.`);
  return alert;
}

/** Who was told about an alert and with what result; needs sentry.alert.read, throws `not_found`. */
export async function listDeliveries(
  ports: AlertPorts,
  ctx: Context,
  alertId: string,
): Promise<Delivery[]> {
  await getAlert(ports, ctx, alertId);
  return ports.work.listDeliveries(ctx.tenant, alertId);
}
