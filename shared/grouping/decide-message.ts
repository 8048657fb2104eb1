import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { joined } from '#shared/incident/close.ts';
import type { Commit } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { suppress } from '#shared/response/suppress.ts';

import { groupChanges, nextTick, repeatTick, withDue } from './join.ts';
import { isFiring, isNews, isWanted } from './member.ts';
import { endGroupAlert, openGroupAlert, sayAgain } from './say.ts';
import type { AlertGroup, GroupMember, GroupMessage } from './schema.ts';
import { resumeGroupAlert, settleGroupAlert } from './settle.ts';

/** Everything stored of a group whose time has come. */
export interface GroupRows {
  group: AlertGroup;
  /** Its own alert, where a message of this episode opened one. */
  own?: AlertRows | undefined;
  /** The alerts of its members as far as they are still stored. */
  alerts: readonly Alert[];
}

type Said = Pick<GroupMessage, 'reason'> | undefined;

/**
 * What a group whose timer is due says, as Alertmanager decides it at each of its ticks: first word of
 * what fires; what fires and was not told; what is over; all of it once more when it was quiet for
 * the repeat interval; nothing else. Members that are held back by now are not named and are looked at
 * again with the next tick. All that is over leaves the group with the message. Pure.
 */
export function decideMessage(
  found: GroupRows,
  response: ResponseRules,
  ctx: Acting & Clock,
): Commit {
  const at = new Date(ctx.now()).toISOString();
  const { wish: _done, ...looked } = {
    ...found.group,
    members: lookAtMembers(found, response, at),
  };
  const rows = { ...found, ...begunAnew(looked, found.own) };
  const { group } = rows;
  const said = reasonOf(group, rows.own?.alert, ctx.now());
  const firing = group.members.filter(isFiring);
  const over = group.members.filter(({ state }) => state === 'RESOLVED');
  const isOver = over.length === group.members.length;
  const { looked_at: _before, ...rest } = group;
  if (said === undefined) {
    const isHeard = rows.own?.alert.state === 'OPEN' && firing.length > 0;
    const members = isHeard ? unresolved(group) : group.members;
    const left = isOver
      ? ended(rest, at)
      : standing({ ...rest, members, looked_at: at }, rows, ctx.now());
    const settled =
      rows.own &&
      (settleGroupAlert(group, rows.own, ctx) ??
        resumeGroupAlert(group, rows.own, response.policies, ctx));
    const commit = { changes: groupChanges(found.group, left), journal: [], outbox: [] };
    return settled ? joined(settled, commit) : commit;
  }
  const message: GroupMessage = {
    number: (group.message?.number ?? 0) + 1,
    at,
    reason: said.reason,
    firing: firing.map(({ alert_id }) => alert_id),
    resolved: over.map(({ alert_id }) => alert_id),
  };
  const told = { ...rest, message, looked_at: at };
  const named = rows.alerts.filter(({ alert_id }) => message.firing.includes(alert_id));
  if (said.reason === 'over') {
    const end = endGroupAlert(told, rows.own!, ctx);
    return joined(end, { changes: groupChanges(found.group, ended(told, at)), ...NOTHING });
  }
  const { commit, alert } = rows.own
    ? sayAgain(told, rows.own, named, response, ctx)
    : openGroupAlert(told, named, response, ctx);
  const members = unresolved(group).map((member) =>
    isFiring(member) ? { ...member, told: true } : member,
  );
  const next = standing(
    { ...told, members, alert_id: alert.alert_id },
    { ...rows, own: { alert, deliveries: [], timers: [] } },
    ctx.now(),
  );
  return joined(commit, { changes: groupChanges(found.group, next), ...NOTHING });
}

/** A group whose own alert somebody resolved while more of it came: what is left is a new episode. */
function begunAnew(
  group: AlertGroup,
  own: AlertRows | undefined,
): Pick<GroupRows, 'group' | 'own'> {
  const left = unresolved(group);
  if (own?.alert.state !== 'RESOLVED' || left.length === 0) return { group, own };
  const { alert_id: _spoke, message: _said, ...rest } = group;
  const members = left.map(({ told: _told, ...member }) => member);
  return { group: { ...rest, episode: group.episode + 1, members }, own: undefined };
}

function unresolved({ members }: AlertGroup): GroupMember[] {
  return members.filter(({ state }) => state !== 'RESOLVED');
}

const NOTHING = { journal: [], outbox: [] };

/** The members of a group with what holds them back now; one whose alert is stored no longer is over. Pure. */
export function lookAtMembers(
  { group, alerts }: Pick<GroupRows, 'group' | 'alerts'>,
  response: ResponseRules,
  at: string,
): GroupMember[] {
  const stored = new Map(alerts.map((alert) => [alert.alert_id, alert]));
  return group.members.map((member): GroupMember => {
    const alert = stored.get(member.alert_id);
    if (alert === undefined) return { ...member, state: 'RESOLVED' };
    if (member.state === 'RESOLVED') return member;
    const { held: _former, ...rest } = member;
    const isHeld =
      alert.suppressed_by.length > 0 || suppress(alert, response, at).suppressed_by.length > 0;
    return isHeld ? { ...rest, held: true } : rest;
  });
}

/** Why there is something to say now; undefined when there is not. */
function reasonOf(group: AlertGroup, own: Alert | undefined, now: number): Said {
  const { members, message, settings } = group;
  const firing = members.filter(isFiring);
  const isNew = members.some(isNews);
  if (message === undefined) return isNew ? { reason: 'first' } : undefined;
  if (isNew) return { reason: 'firing' };
  const over = members.filter(({ state }) => state === 'RESOLVED');
  if (over.length === members.length) return { reason: 'over' };
  // Somebody had all of it, and wants are open again.
  if (own?.state === 'ACK' && members.some(isWanted)) return { reason: 'firing' };
  // Somebody has it, or everything of it is held back: nobody is to be disturbed.
  if (own?.state !== 'OPEN' || firing.length === 0) return undefined;
  // One that came and went again since it was told to be over is no news, as Alertmanager has it.
  if (over.some(({ alert_id }) => !message.resolved.includes(alert_id)))
    return { reason: 'resolved' };
  const isQuiet = now - Date.parse(message.at) >= settings.repeat_seconds * 1000;
  return isQuiet && members.some(isWanted) ? { reason: 'repeat' } : undefined;
}

/** The group until its next look: with the next tick while something is held back, else when it is to be repeated. */
function standing(group: AlertGroup, { own }: GroupRows, now: number): AlertGroup {
  const { members, message } = group;
  if (members.some(({ state, held }) => held === true && state !== 'RESOLVED'))
    return withDue(group, nextTick(group, now));
  if (message === undefined || own?.alert.state !== 'OPEN') return withDue(group, undefined);
  return withDue(group, repeatTick(group, Date.parse(message.at)));
}

/** The group as it is over: what comes next begins it anew. */
function ended(group: AlertGroup, at: string): AlertGroup {
  return { ...withDue(group, undefined), members: [], ended_at: at };
}
