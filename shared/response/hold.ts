import { type Acting, announce } from '#shared/alert/announce.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { owedChannels } from '#shared/alert/desired.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { Change } from '#shared/ports/work-store.ts';

import { recheckTimer, type Suppression } from './suppress.ts';

/**
 * Holds an alert back that is not resolved: what holds it back is noted and told in its timeline, and a
 * timer has it decided again when that may be over. `step` is the timer of an escalation that has
 * fallen due: it goes, since what lifts the hold takes the step. Where nothing is new only the timer
 * moves on. Pure.
 */
export function holdAlert(
  rows: AlertRows,
  found: Suppression,
  ctx: Acting & Clock,
  step?: Timer,
): Decision {
  const { alert: former } = rows;
  const isNew = JSON.stringify(former.suppressed_by) !== JSON.stringify(found.suppressed_by);
  const timers = timerChanges(rows, found.recheck_at!, ctx);
  if (!isNew && !step) {
    if (timers.length === 0) return { kind: 'unchanged', alert: former };
    return { kind: 'commit', commit: { changes: timers, journal: [], outbox: [] }, alert: former };
  }
  const at = new Date(ctx.now()).toISOString();
  const alert = heldAlert(former, found, at, step);
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: former.revision },
    ...(step ? [{ kind: 'timer.delete', row: step, expected: step.revision } as const] : []),
    ...timers,
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: step ? 'alert.hold_step' : 'alert.suppress',
    type: 'alert.suppressed',
    before: { suppressed_by: former.suppressed_by },
    after: { suppressed_by: alert.suppressed_by, trace: found.trace },
    occasion: `revision ${alert.revision}`,
    channels: owedChannels(rows.deliveries),
  };
  return { kind: 'commit', commit: { changes, ...announce(alert, happening, ctx, at) }, alert };
}

function heldAlert(former: Alert, found: Suppression, at: string, step?: Timer): Alert {
  const { next_escalation_at, ...rest } = former;
  return {
    ...rest,
    ...(next_escalation_at !== undefined && !step && { next_escalation_at }),
    suppressed_by: found.suppressed_by,
    updated_at: at,
    revision: former.revision + 1,
  };
}

/** One timer to decide again, sooner than or as soon as asked; what was due goes. */
function timerChanges(rows: AlertRows, recheckAt: string, ctx: Clock): Change[] {
  const changes: Change[] = [];
  const wanted = recheckTimer(rows.alert, recheckAt);
  const rechecks = rows.timers.filter(({ kind }) => kind === 'recheck');
  const standing = rechecks.find(({ step }) => step === wanted.step);
  const isDue = standing !== undefined && Date.parse(standing.due_at) <= ctx.now();
  if (!standing || isDue || standing.due_at > recheckAt) {
    const expected = standing?.revision ?? 0;
    changes.push({ kind: 'timer', row: { ...wanted, revision: expected + 1 }, expected });
  }
  for (const row of rechecks)
    if (row !== standing && Date.parse(row.due_at) <= ctx.now())
      changes.push({ kind: 'timer.delete', row, expected: row.revision });
  return changes;
}
