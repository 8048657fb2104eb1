import type { Change } from '#shared/ports/work-store.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import { type Acting, announce, type Happening } from './announce.ts';
import type { AlertRows, Decision } from './decision.ts';
import { desireDeliveries, owedChannels, withChanged } from './desired.ts';
import { resolvedExpiry } from './retention.ts';
import type { Alert, AlertPointer } from './schema.ts';

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

/** The commit of a change of state: alert, pointer, deliveries, timers, journal, outbox and touch. */
export function commitMove(rows: AlertRows, move: Move, acting: Acting): Decision {
  const { alert, at } = move;
  const deliveries = desireDeliveries(rows.deliveries, alert.state, at, resolvedExpiry(alert));
  const opened = move.opened ?? [];
  const channels = owedChannels([...withChanged(rows.deliveries, deliveries), ...opened]);
  const changes: Change[] = [{ kind: 'alert', row: alert, expected: rows.alert.revision }];
  if (move.pointer)
    changes.push({ kind: 'pointer', row: move.pointer, expected: rows.pointer?.revision ?? 0 });
  for (const row of deliveries) changes.push({ kind: 'delivery', row, expected: row.revision - 1 });
  for (const row of opened) changes.push({ kind: 'delivery', row, expected: 0 });
  for (const row of rows.timers)
    if (row.step !== move.timer?.step)
      changes.push({ kind: 'timer.delete', row, expected: row.revision });
  if (move.timer) {
    const expected = rows.timers.find(({ step }) => step === move.timer!.step)?.revision ?? 0;
    changes.push({ kind: 'timer', row: { ...move.timer, revision: expected + 1 }, expected });
  }
  changes.push({ kind: 'touch', row: alert });
  const said = announce(alert, { ...move.happening, channels }, acting, at);
  return { kind: 'commit', commit: { changes, ...said }, alert };
}
