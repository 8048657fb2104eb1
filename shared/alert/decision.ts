import type { Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Commit } from '#shared/ports/work-store.ts';

import type { Alert, AlertPointer } from './schema.ts';
import { type AlertAction, transition } from './transition.ts';

/** Everything stored of one alert, as its reducers read it. */
export interface AlertRows {
  alert: Alert;
  deliveries: readonly Delivery[];
  timers: readonly Timer[];
  pointer?: AlertPointer;
}

/** What a caller may say with any change of an alert. */
export interface AlertCommand {
  /** The alert's `version` the caller saw. */
  if_version?: number;
  reason?: string;
}

/** What a reducer answers: what to write, that there is nothing to do, or why not. */
export type Decision =
  | { kind: 'commit'; commit: Commit; alert: Alert }
  | { kind: 'unchanged'; alert: Alert }
  | { kind: 'refused'; reason: string; alert: Alert };

const WORDS: Readonly<Record<AlertAction, string>> = {
  acknowledge: 'acknowledged',
  unacknowledge: 'put back to open',
  resolve: 'resolved',
  reopen: 'opened again',
};

/**
 * Whether an action is due, settled or refused. A repeat is settled; with `if_version` only when it is
 * the caller's own whose answer got lost, else somebody else was faster and the caller must see it.
 */
export function judgeAction(
  alert: Alert,
  action: AlertAction,
  command: AlertCommand,
  actor: string,
): { kind: 'due' } | Exclude<Decision, { kind: 'commit' }> {
  const move = transition(alert.state, action);
  const stale = command.if_version !== undefined && command.if_version !== alert.version;
  if (move.kind === 'illegal')
    return {
      kind: 'refused',
      reason: `An alert that is ${alert.state} cannot be ${WORDS[action]}.`,
      alert,
    };
  if (move.kind === 'repeats') {
    if (!stale || isOwnRepeat(alert, action, command.if_version!, actor))
      return { kind: 'unchanged', alert };
    return { kind: 'refused', reason: `The alert is ${alert.state} already.`, alert };
  }
  return stale ? staleVersion(alert) : { kind: 'due' };
}

/** The refusal of a caller who saw an older version. */
export function staleVersion(alert: Alert): Extract<Decision, { kind: 'refused' }> {
  return { kind: 'refused', reason: `The alert is at version ${alert.version} now.`, alert };
}

function isOwnRepeat(alert: Alert, action: AlertAction, seen: number, actor: string): boolean {
  if (action === 'acknowledge') return alert.acknowledged_by === actor;
  if (action === 'resolve') return alert.resolved_by === actor;
  return alert.version === seen + 1;
}
