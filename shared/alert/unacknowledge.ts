import { listPolicies } from '#shared/escalation/list-policies.ts';
import { planResume } from '#shared/escalation/plan-resume.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import { recheckTimer } from '#shared/response/suppress.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import type { Acting } from './announce.ts';
import { type AlertPorts, changeAlert } from './change.ts';
import { type AlertCommand, type AlertRows, type Decision, judgeAction } from './decision.ts';
import { commitMove } from './move.ts';
import type { Alert } from './schema.ts';

/** ACK → OPEN: nobody has it any more, so pagers are told again and the escalation goes on. Pure. */
export function decideUnacknowledge(
  rows: AlertRows,
  command: AlertCommand,
  policies: readonly EscalationPolicy[],
  ctx: Acting & Clock,
): Decision {
  const verdict = judgeAction(rows.alert, 'unacknowledge', command, ctx.actor);
  if (verdict.kind !== 'due') return verdict;
  const at = new Date(ctx.now()).toISOString();
  const { acknowledged_by, acknowledgements: _several, ...rest } = rows.alert;
  const alert: Alert = {
    ...rest,
    state: 'OPEN',
    updated_at: at,
    version: rest.version + 1,
    revision: rest.revision + 1,
  };
  const trace = toldAgain(alert);
  const happening = {
    action: 'alert.unacknowledge',
    type: 'alert.unacknowledged',
    before: { state: rows.alert.state, acknowledged_by },
    after: { state: alert.state, ...(trace && { trace }) },
    ...(command.reason !== undefined && { reason: command.reason }),
  };
  // Held back until it was acknowledged, it may have been told to nobody yet: have that decided.
  const untold = alert.policy_id === undefined ? recheckTimer(alert, at) : undefined;
  const timer = untold ?? planResume(policies, alert, at);
  return commitMove(rows, { alert, happening, at, ...(timer && { timer }) }, ctx);
}

/** Why its receivers hear of it once more; undefined while it is held back, and where nobody was told. */
function toldAgain({ suppressed_by, policy_id: id }: Alert): TraceStep[] | undefined {
  if (suppressed_by.length > 0 || id === undefined) return undefined;
  return [{ step: 'policy', outcome: 'told_again', id }];
}

/** Takes an acknowledgement back; repeating changes nothing. Throws as `acknowledge` does. */
export function unacknowledge(
  ports: AlertPorts & { policies: DocumentStore<EscalationPolicy> },
  ctx: Context,
  alertId: string,
  command: AlertCommand = {},
): Promise<Alert> {
  return changeAlert(ports, ctx, alertId, async (rows) =>
    decideUnacknowledge(rows, command, await listPolicies(ports.policies, ctx.tenant), ctx),
  );
}
