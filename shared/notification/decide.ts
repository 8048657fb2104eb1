import type { Alert } from '#shared/alert/schema.ts';
import type { Delivery, Intent } from '#shared/notification/schema.ts';

/** What is to be done about one delivery now, each with its reason. */
export type Decision =
  | { kind: 'send'; intent: Intent }
  /** The receiver knows what it should. */
  | { kind: 'already_sent' }
  /** What was wanted has been overtaken; the receiver need not hear of it. */
  | {
      kind: 'not_needed';
      reason: 'acknowledged' | 'resolved' | 'reopened' | 'never triggered' | 'gone';
    }
  | { kind: 'wait'; reason: 'leased' | 'not due'; until: string }
  | { kind: 'nothing'; reason: 'dead' | 'nothing owed' };

const STATE_REASONS = { OPEN: 'reopened', ACK: 'acknowledged', RESOLVED: 'resolved' } as const;
const WANTED_STATE = { trigger: 'OPEN', acknowledge: 'ACK', resolve: 'RESOLVED' } as const;

/** Whether the row waits for anything at all; rows that do stand in the due index. */
export function owesSomething(delivery: Delivery): boolean {
  return delivery.next_attempt_at !== undefined && delivery.status !== 'DEAD';
}

/**
 * Compares what is desired with what was sent and with how the alert stands (reliability.md §5).
 * `now` in milliseconds since the epoch; `holder` is the lease owner asking, so that its own lease
 * does not stop it. A late trigger of an alert no longer OPEN sends nothing; an acknowledge or
 * resolve goes only to a receiver that may have been triggered.
 */
export function decide(delivery: Delivery, alert: Alert, now: number, holder?: string): Decision {
  if (delivery.status === 'DEAD') return { kind: 'nothing', reason: 'dead' };
  if (delivery.next_attempt_at === undefined) return { kind: 'nothing', reason: 'nothing owed' };
  const held = holder !== undefined && delivery.lease_owner === holder;
  if (!held && delivery.lease_until !== undefined && Date.parse(delivery.lease_until) > now)
    return { kind: 'wait', reason: 'leased', until: delivery.lease_until };
  if (!held && Date.parse(delivery.next_attempt_at) > now)
    return { kind: 'wait', reason: 'not due', until: delivery.next_attempt_at };

  const { desired, sent, tried } = delivery;
  if (sent === desired && (tried === undefined || tried === desired))
    return { kind: 'already_sent' };
  if (alert.state !== WANTED_STATE[desired])
    return { kind: 'not_needed', reason: STATE_REASONS[alert.state] };
  if (desired === 'trigger') return { kind: 'send', intent: desired };
  // An attempt without an end leaves open what the receiver knows; then it is told in any case.
  if (tried === undefined && (sent === undefined || sent === 'resolve'))
    return { kind: 'not_needed', reason: 'never triggered' };
  return { kind: 'send', intent: desired };
}
