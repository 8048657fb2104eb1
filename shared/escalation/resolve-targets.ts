import type { Channel } from '#shared/notification/schema.ts';
import type { TraceStep } from '#shared/response/trace.ts';
import type { Schedule } from '#shared/schedule/schema.ts';
import { onCallAt } from '#shared/schedule/shifts.ts';

import type { EscalationTarget } from './schema.ts';

/** Most messages of one step: what a commit has room for beside everything else. */
export const STEP_TARGETS_MAX = 40;

/** One destination to be told, and for whom, where a schedule said so. */
export interface ResolvedTarget {
  channel: Channel;
  destination: string;
  for_user?: string;
  schedule_id?: string;
  schedule_version?: number;
}

/**
 * The destinations that a step's targets mean at an instant (RFC 3339), each once, schedules resolved
 * to the targets of whoever is on call then; and why. Empty when nobody is reached. Pure.
 */
export function resolveTargets(
  targets: readonly EscalationTarget[],
  schedules: readonly Schedule[],
  at: string,
): { resolved: ResolvedTarget[]; trace: TraceStep[] } {
  const trace: TraceStep[] = [];
  const all = targets.flatMap(({ channel, destination }): ResolvedTarget[] => {
    if (channel !== 'schedule') return [{ channel, destination }];
    const found = askSchedule(schedules, destination, at);
    trace.push(found.trace);
    return found.targets;
  });
  const distinct = new Map<string, ResolvedTarget>();
  for (const target of all)
    if (!distinct.has(target.destination)) distinct.set(target.destination, target);
  const resolved = [...distinct.values()].slice(0, STEP_TARGETS_MAX);
  if (resolved.length < distinct.size)
    trace.push({
      step: 'escalation_step',
      outcome: 'too_many_targets',
      detail: `${distinct.size - resolved.length} left out`,
    });
  return { resolved, trace };
}

function askSchedule(
  schedules: readonly Schedule[],
  scheduleId: string,
  at: string,
): { targets: ResolvedTarget[]; trace: TraceStep } {
  const schedule = schedules.find(({ schedule_id }) => schedule_id === scheduleId);
  if (!schedule)
    return { targets: [], trace: { step: 'schedule', outcome: 'gone', id: scheduleId } };
  const said = { step: 'schedule', id: scheduleId, version: schedule.version } as const;
  const user = onCallAt(schedule, Date.parse(at))?.user;
  const member = schedule.members.find((one) => one.user === user);
  if (!member) return { targets: [], trace: { ...said, outcome: 'nobody_on_call' } };
  return {
    targets: member.targets.map((target) => ({
      ...target,
      for_user: member.user,
      schedule_id: scheduleId,
      schedule_version: schedule.version,
    })),
    trace: { ...said, outcome: 'on_call', detail: member.user },
  };
}
