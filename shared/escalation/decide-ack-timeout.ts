import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { commitMove } from '#shared/alert/move.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import { planResponse } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import { dropTimer } from './drop-timer.ts';
import type { Timer } from './schema.ts';

/**
 * ACK → OPEN: somebody took the alert and then nothing was heard of it, so its policy begins again with
 * the first step. `escalation_level` goes on counting, so the steps are told once more under keys of
 * their own. Pure.
 */
export function decideAckTimeout(
  rows: AlertRows,
  timer: Timer,
  response: ResponseRules,
  ctx: Acting & Clock,
): Decision {
  if (rows.alert.state !== 'ACK') return dropTimer(rows, timer);
  const at = new Date(ctx.now()).toISOString();
  const { acknowledged_by, acknowledgements: _several, ...rest } = rows.alert;
  const open: Alert = {
    ...rest,
    state: 'OPEN',
    escalation_from: rest.escalation_level,
    updated_at: at,
    version: rest.version + 1,
    revision: rest.revision + 1,
  };
  const plan = planResponse(open, rest.suppressed_by, response, at);
  const renewed = new Set(plan.deliveries.map(({ destination }) => destination));
  const isTold = ({ destination }: Delivery) => !renewed.has(destination);
  const again: TraceStep[] =
    plan.alert.suppressed_by.length === 0 && rows.deliveries.some(isTold)
      ? [
          {
            step: 'policy',
            outcome: 'told_again',
            ...(rest.policy_id !== undefined && { id: rest.policy_id }),
          },
        ]
      : [];
  const happening = {
    action: 'alert.ack_timeout',
    type: 'alert.ack_timed_out',
    before: { state: rows.alert.state, acknowledged_by },
    after: { state: open.state, trace: [...plan.trace, ...again] },
  };
  const move = { alert: plan.alert, opened: plan.deliveries, happening, at };
  return commitMove(rows, { ...move, ...(plan.timer && { timer: plan.timer }) }, ctx);
}
