import { requireScope } from '#shared/access/scope.ts';
import { follow } from '#shared/incident/follow.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { AlertRows, Decision } from './decision.ts';
import type { Alert } from './schema.ts';

/** What the verbs of an alert work on. */
export interface AlertPorts {
  work: WorkStore;
}

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 10;

/**
 * Reads, decides and commits; a lost race is read and decided again, up to ten times. Throws
 * `forbidden` without the scope sentry.alert.write, `not_found`, and `conflict` with the current alert.
 */
export async function changeAlert(
  ports: AlertPorts,
  ctx: Context,
  alertId: string,
  decide: (rows: AlertRows) => Decision | Promise<Decision>,
): Promise<Alert> {
  requireScope(ctx, 'sentry.alert.write');
  for (let attempt = 1; ; attempt++) {
    const { alert, ...rows } = await ports.work.getAlertRows(ctx.tenant, alertId);
    if (!alert) throw new SentryError('not_found', `There is no alert ${alertId}.`);
    const decision = await decide({ ...rows, alert });
    if (decision.kind === 'unchanged') return decision.alert;
    if (decision.kind === 'refused')
      throw new SentryError('conflict', decision.reason, { current: decision.alert });
    try {
      const { commit } = await follow({ work: ports.work }, ctx, alert, decision);
      await ports.work.commit(commit);
      return decision.alert;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost) throw error;
      if (attempt === ATTEMPTS_MAX)
        throw new SentryError('conflict', 'The alert keeps changing; try again.', {
          current: await ports.work.getAlert(ctx.tenant, alertId),
        });
    }
  }
}
