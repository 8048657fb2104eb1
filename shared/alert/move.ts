import type { Change } from '#shared/ports/work-store.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import { type Acting, announce, type Happening } from './announce.ts';
import type { AlertRows, Decision } from './decision.ts';
import { desireDeliveries, owedChannels, withChanged } from './desired.ts';
import { resolvedExpiry } from './retention.ts';
import type { Alert, AlertPointer } from './schema.ts';

/** Most deliveries one commit begins or changes: what its 100 rows leave beside those of alert and incident. */
const DELIVERIES_MAX = 60;

/** A change of state as its reducer words it; the fields are the alert's afterwards. */
interface Move {
  alert: Alert;
  pointer?: AlertPointer;
  /** Deliveries that the change itself begins. */
  opened?: readonly Delivery[];
  /** The timer to be kept; all others go. */
  timer?: Timer;
  happening: Omit<Happening, 'channels'>;
  at: string;
}

/** The alert saying when it next tells people by itself, as its one timer has it. */
export function withNextTimer(alert: Alert, timer: Timer | undefined): Alert {
  const { next_escalation_at: _former, ...rest } = alert;
  if (!timer || timer.kind === 'recheck') return rest;
  return { ...rest, next_escalation_at: timer.due_at };
}

/** The commit of a change of state: alert, pointer, deliveries, timers, journal, outbox and touch. */
export function commitMove(
  rows: AlertRows,
  move: Move,
  acting: Acting,
): Extract<Decision, { kind: 'commit' }> {
  const { at, timer } = move;
  const alert = withNextTimer(move.alert, timer);
  const opened = move.opened ?? [];
  const isHeld = alert.state !== 'RESOLVED' && alert.suppressed_by.length > 0;
  // Held back, nobody is told again: what lifts the hold tells them.
  const unheard = isHeld && alert.state === 'OPEN' ? rows.deliveries : [];
  const deliveries = desireDeliveries(rows.deliveries, alert.state, at, {
    expiresAt: resolvedExpiry(alert),
    renewed: new Set([...opened, ...unheard].map(({ destination }) => destination)),
  }).slice(0, DELIVERIES_MAX - opened.length);
  const channels = owedChannels([...withChanged(rows.deliveries, deliveries), ...opened]);
  const changes: Change[] = [{ kind: 'alert', row: alert, expected: rows.alert.revision }];
  if (move.pointer)
    changes.push({ kind: 'pointer', row: move.pointer, expected: rows.pointer?.revision ?? 0 });
  for (const row of deliveries) changes.push({ kind: 'delivery', row, expected: row.revision - 1 });
  for (const row of opened) changes.push({ kind: 'delivery', row, expected: 0 });
  const kept = rows.timers.find(({ kind, step }) => kind === timer?.kind && step === timer.step);
  for (const row of rows.timers)
    if (row !== kept && !(isHeld && row.kind === 'recheck'))
      changes.push({ kind: 'timer.delete', row, expected: row.revision });
  if (timer) {
    const expected = kept?.revision ?? 0;
    changes.push({ kind: 'timer', row: { ...timer, revision: expected + 1 }, expected });
  }
  changes.push({ kind: 'touch', row: alert });
  const said = announce(alert, { ...move.happening, channels }, acting, at);
  return { kind: 'commit', commit: { changes, ...said }, alert };
}
