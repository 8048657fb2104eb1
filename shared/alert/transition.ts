import type { AlertState } from './schema.ts';

export const ALERT_ACTIONS = ['acknowledge', 'unacknowledge', 'resolve', 'reopen'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** The state machine of domain.md §3: where each action leads; null where it is not allowed. */
const TABLE: Readonly<Record<AlertAction, Readonly<Record<AlertState, AlertState | null>>>> = {
  acknowledge: { OPEN: 'ACK', ACK: 'ACK', RESOLVED: null },
  unacknowledge: { OPEN: 'OPEN', ACK: 'OPEN', RESOLVED: null },
  resolve: { OPEN: 'RESOLVED', ACK: 'RESOLVED', RESOLVED: 'RESOLVED' },
  reopen: { OPEN: 'OPEN', ACK: 'ACK', RESOLVED: 'OPEN' },
};

type Transition = { kind: 'moves'; to: AlertState } | { kind: 'repeats' } | { kind: 'illegal' };

/** What an action does to an alert in this state. */
export function transition(state: AlertState, action: AlertAction): Transition {
  const to = TABLE[action][state];
  if (to === null) return { kind: 'illegal' };
  return to === state ? { kind: 'repeats' } : { kind: 'moves', to };
}
