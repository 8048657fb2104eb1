import type { Alert } from '#shared/alert/schema.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import { matches } from '#shared/silence/match.ts';

import { recheckAlerts, type RecheckPorts } from './recheck-alerts.ts';

/**
 * Lets go at once what only this alert held back, now that somebody resolved it. Without it the same
 * happens within three minutes, when the timers of those alerts fall due.
 */
export async function releaseInhibited(
  ports: RecheckPorts & { inhibitions: DocumentStore<Inhibition> },
  ctx: Context,
  resolved: Alert,
): Promise<void> {
  const inhibitions = await ports.inhibitions.list(ctx.tenant);
  const concerned = inhibitions.filter(({ source }) => matches(source, resolved));
  for (const { inhibition_id: id } of concerned)
    await recheckAlerts(ports, ctx, { reason: 'inhibition', id });
}
