import * as z from 'zod';

import type { Clock } from '#shared/kernel/context.ts';
import { HINT_SECONDS_MAX, type TimerHint } from '#shared/ports/timer-hint.ts';

/** What an alert's event on the bus says of its next step. */
const Announced = z.object({
  detail: z.object({
    payload: z.object({
      tenant: z.string(),
      alert: z.object({
        alert_id: z.string(),
        state: z.enum(['OPEN', 'ACK']),
        escalation_level: z.number().int(),
        next_escalation_at: z.iso.datetime(),
      }),
    }),
  }),
});

/** What the event of a group of alerts says of its next message. */
const AnnouncedGroup = z.object({
  detail: z.object({
    payload: z.object({
      tenant: z.string(),
      alert: z.object({ alert_id: z.string() }),
      timer: z.object({
        kind: z.literal('group'),
        step: z.number().int(),
        due_at: z.iso.datetime(),
      }),
    }),
  }),
});

/**
 * Hints the next step of an alert, or message of a group, whose event says when it is, if that is less than 15 minutes away:
 * whoever is woken by the event makes a short delay punctual, and the sweep finds all others. Answers
 * whether it was hinted; throws `unavailable`.
 */
export async function hintNext(clock: Clock, timers: TimerHint, event: unknown): Promise<boolean> {
  const group = AnnouncedGroup.safeParse(event);
  if (group.success) {
    const { tenant, alert, timer } = group.data.detail.payload;
    const waitMs = Math.max(0, Date.parse(timer.due_at) - clock.now());
    const named = { alert_id: alert.alert_id, timer: timer.kind, step: timer.step };
    await timers.hint({ kind: 'timer', tenant, ...named }, waitMs);
    return true;
  }
  const said = Announced.safeParse(event);
  if (!said.success) return false;
  const { tenant, alert } = said.data.detail.payload;
  const waitMs = Math.max(0, Date.parse(alert.next_escalation_at) - clock.now());
  if (waitMs > HINT_SECONDS_MAX * 1000) return false;
  const named =
    alert.state === 'OPEN'
      ? ({ timer: 'escalate', step: alert.escalation_level + 1 } as const)
      : ({ timer: 'ack_timeout', step: 0 } as const);
  await timers.hint({ kind: 'timer', tenant, alert_id: alert.alert_id, ...named }, waitMs);
  return true;
}
