import type { Timer } from '#shared/escalation/schema.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import type { Change } from '#shared/ports/work-store.ts';

import { type Acting, announce } from './announce.ts';
import { type AlertPorts, changeAlert } from './change.ts';
import { type AlertCommand, type AlertRows, type Decision, judgeAction } from './decision.ts';
import { owedChannels } from './desired.ts';
import { commitMove } from './move.ts';
import type { Alert } from './schema.ts';

/**
 * OPEN → ACK: somebody takes the alert, so its escalation stops and the pagers fall silent. Where its
 * policy asks for several people it stays OPEN, and escalates, until the last of them has said so;
 * where it asks for an end, the acknowledgement is timed. Pure.
 */
export function decideAcknowledge(
  rows: AlertRows,
  command: AlertCommand,
  ctx: Acting & Clock,
): Decision {
  const verdict = judgeAction(rows.alert, 'acknowledge', command, ctx.actor);
  if (verdict.kind !== 'due') return verdict;
  const at = new Date(ctx.now()).toISOString();
  const several = acknowledgementsOf(rows.alert, ctx.actor, at);
  if (several === 'repeated') return { kind: 'unchanged', alert: rows.alert };
  if (several && several.length < rows.alert.acknowledgements_needed!)
    return acknowledgeInPart(rows, several, command, ctx);
  const alert: Alert = {
    ...rows.alert,
    state: 'ACK',
    acknowledged_by: ctx.actor,
    ...(several && { acknowledgements: several }),
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
  const timer = ackTimer(alert, at);
  return commitMove(rows, { alert, happening, at, ...(timer && { timer }) }, ctx);
}

type Acknowledgements = NonNullable<Alert['acknowledgements']>;

/** Everybody who acknowledged, the actor included; undefined where one is enough. */
function acknowledgementsOf(
  { acknowledgements_needed: needed = 1, acknowledgements = [] }: Alert,
  actor: string,
  at: string,
): Acknowledgements | 'repeated' | undefined {
  if (needed === 1) return undefined;
  if (acknowledgements.some((one) => one.actor === actor)) return 'repeated';
  return [...acknowledgements, { actor, at }];
}

/** One of several who are needed: noted and shown; nothing else changes, its escalation goes on. */
function acknowledgeInPart(
  rows: AlertRows,
  acknowledgements: Acknowledgements,
  command: AlertCommand,
  ctx: Acting,
): Decision {
  const { at, actor } = acknowledgements.at(-1)!;
  const alert: Alert = {
    ...rows.alert,
    acknowledgements,
    updated_at: at,
    revision: rows.alert.revision + 1,
  };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: rows.alert.revision },
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: 'alert.acknowledge_in_part',
    type: 'alert.acknowledged_in_part',
    after: { acknowledged: acknowledgements.length, needed: alert.acknowledgements_needed },
    ...(command.reason !== undefined && { reason: command.reason }),
    occasion: actor,
    channels: owedChannels(rows.deliveries),
  };
  return { kind: 'commit', commit: { changes, ...announce(alert, happening, ctx, at) }, alert };
}

/** When an acknowledgement ends by itself; undefined where it does not. */
function ackTimer(alert: Alert, at: string): Timer | undefined {
  const { tenant, alert_id, ack_timeout_minutes: minutes } = alert;
  if (minutes === undefined) return undefined;
  const due_at = new Date(Date.parse(at) + Math.round(minutes * 60_000)).toISOString();
  return { tenant, alert_id, kind: 'ack_timeout', step: 0, due_at, revision: 1 };
}

/**
 * Acknowledges an alert and answers how it stands, which is OPEN while further people are needed;
 * repeating changes nothing. Throws `forbidden`,
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
