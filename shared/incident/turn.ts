import type { Alert } from '#shared/alert/schema.ts';
import { isGroupAlert } from '#shared/grouping/group-of.ts';

import { ESCALATION_RULE_ID } from './escalation-alert.ts';

/** What a change of an alert means for incidents. */
export type Turn =
  /** It is told to people from now on, or came back, or became grave: it joins or causes an incident. */
  | 'arrives'
  /** It came back but nobody is told: it is no longer of its incident. */
  | 'leaves'
  | 'graver'
  | 'acknowledged'
  | 'resolved';

const isTold = ({ state, suppressed_by }: Alert) =>
  state !== 'RESOLVED' && suppressed_by.length === 0;

/**
 * How an alert's change concerns its incident, if at all. `former` is absent for a new alert. What is
 * held back (staging, warming, silence, …) arrives only when people are told of it. Pure.
 */
export function turnOf(former: Alert | undefined, alert: Alert): Turn | undefined {
  // A group's own alert tells of others, which have their incidents.
  if (isGroupAlert(alert)) return undefined;
  const isMember = alert.incident_id !== undefined;
  const isAcknowledged = former?.state === 'OPEN' && alert.state === 'ACK';
  if (alert.rule_id === ESCALATION_RULE_ID)
    return isMember && isAcknowledged ? 'acknowledged' : undefined;
  const isResolved = former !== undefined && former.state !== 'RESOLVED';
  if (alert.state === 'RESOLVED') return isMember && isResolved ? 'resolved' : undefined;
  const isBack = former?.state === 'RESOLVED';
  if (isBack && isMember) return isTold(alert) ? 'arrives' : 'leaves';
  if (isMember && isAcknowledged) return 'acknowledged';
  const isGraver = former !== undefined && former.severity !== alert.severity;
  if (isMember) return isGraver ? 'graver' : undefined;
  if (!isTold(alert)) return undefined;
  return former === undefined || !isTold(former) || isGraver ? 'arrives' : undefined;
}
