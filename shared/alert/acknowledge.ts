import type { Clock, Context } from '#shared/kernel/context.ts';

import type { Acting } from './announce.ts';
import { type AlertPorts, changeAlert } from './change.ts';
import { type AlertCommand, type AlertRows, type Decision, judgeAction } from './decision.ts';
import { commitMove } from './move.ts';
import type { Alert } from './schema.ts';

/** OPEN → ACK: somebody takes the alert, so its escalation stops and the pagers fall silent. Pure. */
export function decideAcknowledge(
  rows: AlertRows,
  command: AlertCommand,
  ctx: Acting & Clock,
): Decision {
  const verdict = judgeAction(rows.alert, 'acknowledge', command, ctx.actor);
  if (verdict.kind !== 'due') return verdict;
  const at = new Date(ctx.now()).toISOString();
  const alert: Alert = {
    ...rows.alert,
    state: 'ACK',
    acknowledged_by: ctx.actor,
    updated_at: at,
    version: rows.alert.version + 1,
    revision: rows.alert.revision + 1,
  };
  const happening = {
    action: 'alert.acknowledge',
    type: 'alert.acknowledged',
    before: { state: rows.alert.state },
    after: { state: alert.state, acknowledged_by: ctx.actor },
    ...(command.reason !== undefined && { reason: command.reason }),
  };
  return commitMove(rows, { alert, happening, at }, ctx);
}

/**
 * Acknowledges an alert and answers how it stands; repeating changes nothing. Throws `forbidden`,
 * `not_found`, and `conflict` with the current alert when it is RESOLVED or `if_version` is old.
 */
export function acknowledge(
  ports: AlertPorts,
  ctx: Context,
  alertId: string,
  command: AlertCommand = {},
): Promise<Alert> {
  return changeAlert(ports, ctx, alertId, (rows) => decideAcknowledge(rows, command, ctx));
}
