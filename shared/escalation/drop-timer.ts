import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import type { Change } from '#shared/ports/work-store.ts';

import type { Timer } from './schema.ts';

/**
 * Takes a timer away that stands for nothing any more. The alert is written with it, so that whatever
 * changed the alert since it was read makes the commit fail and the timer stay. Pure.
 */
export function dropTimer(rows: AlertRows, timer: Timer): Extract<Decision, { kind: 'commit' }> {
  const { next_escalation_at, ...rest } = rows.alert;
  const isShown = next_escalation_at !== undefined && next_escalation_at !== timer.due_at;
  const alert = {
    ...rest,
    ...(isShown && { next_escalation_at }),
    revision: rest.revision + 1,
  };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: rows.alert.revision },
    { kind: 'timer.delete', row: timer, expected: timer.revision },
    { kind: 'touch', row: alert },
  ];
  return { kind: 'commit', commit: { changes, journal: [], outbox: [] }, alert };
}
