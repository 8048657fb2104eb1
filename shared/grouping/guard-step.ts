import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { dropTimer } from '#shared/escalation/drop-timer.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { lookAtMembers } from './decide-message.ts';
import { groupChanges, nextTick, withDue } from './join.ts';
import { wantedOf } from './member.ts';
import { readGroup } from './read-group.ts';

/**
 * An escalation step of a group's own alert: taken only while somebody is wanted for any of its members,
 * which the commit expects unchanged, so that no step is decided after the last of them was acknowledged.
 * Else the step goes, and the group is looked at again where something is only held back.
 */
export async function guardStep(
  work: WorkStore,
  clock: Clock,
  rows: AlertRows,
  timer: Timer,
  response: ResponseRules,
  decide: () => Decision,
): Promise<Decision> {
  const found = await readGroup(work, rows.alert.tenant, rows.alert.group_key);
  const isOwn = found?.group.alert_id === rows.alert.alert_id;
  if (!found || !isOwn) return decide();
  const at = new Date(clock.now()).toISOString();
  const group = { ...found.group, members: lookAtMembers(found, response, at) };
  const isWanted = wantedOf(group).length > 0;
  const decision = isWanted ? decide() : dropTimer(rows, timer);
  if (decision.kind !== 'commit') return decision;
  const dues = group.timer ? [Date.parse(group.timer.due_at)] : [];
  const next = isWanted
    ? found.group
    : withDue(group, Math.min(...dues, nextTick(group, clock.now())));
  const { commit } = decision;
  const changes = [...commit.changes, ...groupChanges(found.group, next)];
  return { ...decision, commit: { ...commit, changes } };
}
