import { learnResolve } from '#shared/fatigue/score.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { Acting } from './announce.ts';
import { type AlertPorts, changeAlert } from './change.ts';
import { type AlertCommand, type AlertRows, type Decision, judgeAction } from './decision.ts';
import { firingSince } from './firing-since.ts';
import { commitMove } from './move.ts';
import type { Alert, AlertPointer } from './schema.ts';

/** Who resolves what is over by itself. */
export const DETECTOR = 'system:detector';

/** OPEN or ACK → RESOLVED: it is over; from here on, and only from here on, the rows expire. Pure. */
export function decideResolve(
  rows: AlertRows,
  command: AlertCommand,
  ctx: Acting & Clock,
): Decision {
  const verdict = judgeAction(rows.alert, 'resolve', command, ctx.actor);
  if (verdict.kind !== 'due') return verdict;
  const at = new Date(ctx.now()).toISOString();
  const alert: Alert = {
    ...rows.alert,
    state: 'RESOLVED',
    resolved_by: ctx.actor,
    resolved_at: at,
    updated_at: at,
    version: rows.alert.version + 1,
    revision: rows.alert.revision + 1,
  };
  const fatigue = learnResolve(rows.pointer?.fatigue, {
    lastedMs: ctx.now() - firingSince(rows.alert),
    byItself: ctx.actor === DETECTOR,
  });
  const pointer: AlertPointer | undefined = rows.pointer && {
    ...rows.pointer,
    ...(fatigue && { fatigue }),
    state: 'RESOLVED',
    resolved_at: at,
    revision: rows.pointer.revision + 1,
  };
  const happening = {
    action: 'alert.resolve',
    type: 'alert.resolved',
    before: { state: rows.alert.state },
    after: { state: alert.state, resolved_by: ctx.actor },
    ...(command.reason !== undefined && { reason: command.reason }),
  };
  return commitMove(rows, { alert, happening, at, ...(pointer && { pointer }) }, ctx);
}

/** Resolves an alert; repeating changes nothing. Throws as `acknowledge` does. */
export function resolve(
  ports: AlertPorts,
  ctx: Context,
  alertId: string,
  command: AlertCommand = {},
): Promise<Alert> {
  return changeAlert(ports, ctx, alertId, async (rows) =>
    decideResolve(await withPointer(ports.work, rows), command, ctx),
  );
}

/** The rows with the pointer of the alert's group, unless that is of a later episode, which is none of this alert's business. */
async function withPointer(work: WorkStore, rows: AlertRows): Promise<AlertRows> {
  const [pointer] = await work.getPointers(rows.alert.tenant, [rows.alert]);
  return pointer?.alert_id === rows.alert.alert_id ? { ...rows, pointer } : rows;
}
