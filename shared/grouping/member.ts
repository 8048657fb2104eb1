import type { Alert } from '#shared/alert/schema.ts';

import type { AlertGroup, GroupMember } from './schema.ts';

/** What a group keeps of an alert. */
export function memberOf({ alert_id, state, severity, suppressed_by }: Alert): GroupMember {
  return { alert_id, state, severity, ...(suppressed_by.length > 0 && { held: true }) };
}

/** Whether a group need not hear of a change of an alert. */
export function isSame(one: GroupMember, other: GroupMember): boolean {
  return (
    one.alert_id === other.alert_id &&
    one.state === other.state &&
    one.severity === other.severity &&
    one.held === other.held
  );
}

/** Whether it fires and may be told of. */
export function isFiring({ state, held }: GroupMember): boolean {
  return state !== 'RESOLVED' && held !== true;
}

/** Whether somebody is wanted for it. */
export function isWanted({ state, held }: GroupMember): boolean {
  return state === 'OPEN' && held !== true;
}

/** Whether it fires and no message said so yet. */
export function isNews(member: GroupMember): boolean {
  return isWanted(member) && member.told !== true;
}

/** Members that want somebody. */
export function wantedOf({ members }: Pick<AlertGroup, 'members'>): GroupMember[] {
  return members.filter(isWanted);
}
