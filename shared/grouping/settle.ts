import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import { commitMove } from '#shared/alert/move.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { dropTimer } from '#shared/escalation/drop-timer.ts';
import { planResume } from '#shared/escalation/plan-resume.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';

import { isFiring, wantedOf } from './member.ts';
import type { AlertGroup } from './schema.ts';

/**
 * What becomes of a group's own alert when nobody is wanted for any of its members: it is acknowledged
 * where somebody has each of them, else its escalation stops until the next message says how it stands.
 * Undefined where nothing changes. Pure.
 */
export function settleGroupAlert(
  group: AlertGroup,
  rows: AlertRows,
  ctx: Acting & Clock,
): Commit | undefined {
  if (rows.alert.state !== 'OPEN' || wantedOf(group).length > 0) return undefined;
  if (group.members.some(isFiring)) return acknowledged(rows, ctx);
  const next = rows.timers.find(({ kind }) => kind === 'escalate');
  return next && dropTimer(rows, next).commit;
}

/**
 * The escalation of a group's own alert taken up again where it had stopped: something of it fires again
 * that was told before. Undefined where it goes on, or all of its steps were taken. Pure.
 */
export function resumeGroupAlert(
  group: AlertGroup,
  rows: AlertRows,
  policies: readonly EscalationPolicy[],
  clock: Clock,
): Commit | undefined {
  const isOn = rows.timers.some(({ kind }) => kind === 'escalate');
  if (rows.alert.state !== 'OPEN' || isOn || wantedOf(group).length === 0) return undefined;
  const timer = planResume(policies, rows.alert, new Date(clock.now()).toISOString());
  if (timer === undefined) return undefined;
  const { due_at: next_escalation_at } = timer;
  const alert = { ...rows.alert, next_escalation_at, revision: rows.alert.revision + 1 };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: rows.alert.revision },
    { kind: 'timer', row: timer, expected: 0 },
    { kind: 'touch', row: alert },
  ];
  return { changes, journal: [], outbox: [] };
}

/** Each member took as many people as its policy asks for; the group does not ask for them again. */
function acknowledged(rows: AlertRows, ctx: Acting & Clock): Commit | undefined {
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
    reason: 'all alerts of the group are acknowledged',
  };
  const decision = commitMove(rows, { alert, happening, at }, ctx);
  return decision.kind === 'commit' ? decision.commit : undefined;
}
