import type { Timer } from '#shared/escalation/schema.ts';
import type { Change } from '#shared/ports/work-store.ts';

import { isNews, isSame } from './member.ts';
import type { AlertGroup, GroupMember } from './schema.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** A group before its first alert, or as it begins anew; nothing of it is written yet. Pure. */
export function newborn(
  known: AlertGroup | undefined,
  born: Pick<AlertGroup, 'alert_group_id' | 'tenant' | 'policy_id' | 'settings' | 'labels'>,
): AlertGroup {
  const { episode = 0, revision = 0, timer } = known ?? {};
  return { ...born, episode: episode + 1, members: [], ...(timer && { timer }), revision };
}

/**
 * The group after alerts of it changed, with the time of its next message; the same object when that is
 * nothing to it. A first message waits; later ones come whole intervals after the group was last looked
 * at; a CRITICAL alert that is new has a wait of its own. Pure; `at` is RFC 3339, now.
 */
export function join(former: AlertGroup, changed: readonly GroupMember[], at: string): AlertGroup {
  const members = new Map(former.members.map((member) => [member.alert_id, member]));
  let isChanged = false;
  let isBack = false;
  let isOpened = false;
  for (const member of changed) {
    const known = members.get(member.alert_id);
    // What is over before the group knew of it is nothing to it.
    if (known ? isSame(known, member) : member.state === 'RESOLVED') continue;
    isChanged = true;
    // Graver than it was told, or given back by who had it, it is told again.
    const isGivenBack = known?.state === 'ACK' && member.state === 'OPEN';
    const told = known?.told === true && known.severity === member.severity && !isGivenBack;
    isBack ||= isGivenBack && known.told === true;
    isOpened ||= member.state === 'OPEN';
    members.set(member.alert_id, { ...member, ...(told && { told }) });
  }
  if (!isChanged) return former;
  const group = { ...former, members: [...members.values()] };
  return withDue(group, isBack ? Date.parse(at) : dueAfter(group, isOpened, at));
}

/** When the group is looked at next after a change, in ms since the epoch; undefined: not by itself. */
function dueAfter(group: AlertGroup, isOpened: boolean, at: string): number | undefined {
  const now = Date.parse(at);
  const { settings, members } = group;
  const dues = group.timer ? [Date.parse(group.timer.due_at)] : [];
  if (isOpened || members.some(isOwed)) dues.push(nextTick(group, now));
  const news = members.filter(isNews);
  if (news.some(({ severity }) => severity === 'CRITICAL'))
    dues.push(now + settings.critical_wait_seconds * 1000);
  return dues.length > 0 ? Math.min(...dues) : undefined;
}

/** Whether a message about it is owed, or may be once it is held back no longer. */
function isOwed(member: GroupMember): boolean {
  return isNews(member) || member.state === 'RESOLVED' || member.held === true;
}

/**
 * When a group that changed is looked at: whole intervals after the last time, at the first of them
 * after `now`; or after its wait, where it never was. In ms since the epoch.
 */
export function nextTick(
  { looked_at, settings }: Pick<AlertGroup, 'looked_at' | 'settings'>,
  now: number,
): number {
  if (looked_at === undefined) return now + settings.wait_seconds * 1000;
  const from = Date.parse(looked_at);
  const interval = settings.interval_seconds * 1000;
  return from + (Math.floor((now - from) / interval) + 1) * interval;
}

/** When a group that does not change is told again: the first whole interval at or after that; ms since the epoch. */
export function repeatTick(group: AlertGroup, toldAt: number): number {
  return nextTick(group, toldAt + group.settings.repeat_seconds * 1000 - 1);
}

/** The group to be looked at then, in ms since the epoch; undefined: not by itself. */
export function withDue(group: AlertGroup, due: number | undefined): AlertGroup {
  const { timer, ...rest } = group;
  if (due === undefined) return rest;
  return { ...rest, timer: { due_at: iso(due), revision: timer?.revision ?? 0 } };
}

/** What is written of a group that changed: itself and its timer. Pure. */
export function groupChanges(former: AlertGroup | undefined, next: AlertGroup): Change[] {
  const expected = former?.revision ?? 0;
  const before = former?.timer;
  const moved = next.timer !== undefined && next.timer.due_at !== before?.due_at;
  const timer = moved
    ? { due_at: next.timer!.due_at, revision: (before?.revision ?? 0) + 1 }
    : next.timer && before;
  const row: AlertGroup = { ...next, ...(timer && { timer }), revision: expected + 1 };
  const changes: Change[] = [{ kind: 'alert.group', row, expected }];
  if (moved)
    changes.push({ kind: 'timer', row: timerOf(next, timer!), expected: before?.revision ?? 0 });
  if (!timer && before)
    changes.push({ kind: 'timer.delete', row: timerOf(next, before), expected: before.revision });
  return changes;
}

function timerOf(
  { tenant, alert_group_id, policy_id }: AlertGroup,
  { due_at, revision }: NonNullable<AlertGroup['timer']>,
): Timer {
  return { tenant, alert_id: alert_group_id, kind: 'group', step: 0, due_at, policy_id, revision };
}
