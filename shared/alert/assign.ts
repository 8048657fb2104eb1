import type { Clock, Context } from '#shared/kernel/context.ts';
import type { Change } from '#shared/ports/work-store.ts';

import { type Acting, announce } from './announce.ts';
import { type AlertPorts, changeAlert } from './change.ts';
import { type AlertCommand, type AlertRows, type Decision, staleVersion } from './decision.ts';
import { owedChannels } from './desired.ts';
import type { Alert } from './schema.ts';

/** `assigned_to` null takes the assignment away. */
interface AssignCommand extends AlertCommand {
  assigned_to: string | null;
}

/** Gives an open or acknowledged alert to somebody; its state stays. Pure. */
export function decideAssign(
  rows: AlertRows,
  command: AssignCommand,
  ctx: Acting & Clock,
): Decision {
  const { assigned_to: former, ...rest } = rows.alert;
  if ((former ?? null) === command.assigned_to) return { kind: 'unchanged', alert: rows.alert };
  if (rest.state === 'RESOLVED')
    return {
      kind: 'refused',
      reason: 'An alert that is RESOLVED cannot be assigned.',
      alert: rows.alert,
    };
  if (command.if_version !== undefined && command.if_version !== rest.version)
    return staleVersion(rows.alert);
  const at = new Date(ctx.now()).toISOString();
  const alert: Alert = {
    ...rest,
    ...(command.assigned_to !== null && { assigned_to: command.assigned_to }),
    updated_at: at,
    version: rest.version + 1,
    revision: rest.revision + 1,
  };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: rest.revision },
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: 'alert.assign',
    type: 'alert.assigned',
    before: { assigned_to: former ?? null },
    after: { assigned_to: command.assigned_to },
    ...(command.reason !== undefined && { reason: command.reason }),
    channels: owedChannels(rows.deliveries),
  };
  return { kind: 'commit', commit: { changes, ...announce(alert, happening, ctx, at) }, alert };
}

/** Assigns an alert; repeating changes nothing. Throws as `acknowledge` does. */
export function assign(
  ports: AlertPorts,
  ctx: Context,
  alertId: string,
  command: AssignCommand,
): Promise<Alert> {
  return changeAlert(ports, ctx, alertId, (rows) => decideAssign(rows, command, ctx));
}
