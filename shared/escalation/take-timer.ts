import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { isGroupAlert } from '#shared/grouping/group-of.ts';
import { guardStep } from '#shared/grouping/guard-step.ts';
import { takeGroup } from '#shared/grouping/take-group.ts';
import { follow } from '#shared/incident/follow.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { HINT_SECONDS_MAX, type TimerHint } from '#shared/ports/timer-hint.ts';
import type { Change, Commit, WorkStore } from '#shared/ports/work-store.ts';
import { decideRecheck } from '#shared/response/decide-recheck.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { decideReminder } from '#shared/silence/remind.ts';

import { decideAckTimeout } from './decide-ack-timeout.ts';
import { decideEscalate } from './decide-escalate.ts';
import type { Timer, TimerKind } from './schema.ts';

export interface TimerPorts {
  work: WorkStore;
  /** The rules of response in force; asked anew for every try. */
  response(tenant: string): Promise<ResponseRules>;
  timers: TimerHint;
}

/** Names one timer of a tenant. */
export type TimerName = Pick<Timer, 'alert_id' | 'kind' | 'step'>;

/** What came of looking at a timer. */
export interface TimerTaken {
  kind: 'taken' | 'early' | 'gone';
  /** The hint for what comes next could not be given; the sweep will find the row. */
  hint_error?: unknown;
}

type Decide = (
  rows: AlertRows,
  timer: Timer,
  response: ResponseRules,
  ctx: Acting & Clock,
) => Decision;

const DECIDERS: Readonly<Record<Exclude<TimerKind, 'silence_reminder' | 'group'>, Decide>> = {
  escalate: decideEscalate,
  ack_timeout: decideAckTimeout,
  recheck: decideRecheck,
};

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 5;

/**
 * Does what a timer stands for if it is due, once however often it is called: the row is read afresh,
 * and the commit fails when it, or its alert, has changed since. What is not due yet, and what the
 * step promises next, is hinted when it is less than 15 minutes away. Throws `unavailable`, and
 * `conflict` when the alert keeps changing; then the timer stands as before.
 */
export async function takeTimer(
  ctx: Context,
  ports: TimerPorts,
  name: TimerName,
): Promise<TimerTaken> {
  for (let attempt = 1; ; attempt++) {
    const { alert, ...rows } = await ports.work.getAlertRows(ctx.tenant, name.alert_id);
    const timer = rows.timers.find(({ kind, step }) => kind === name.kind && step === name.step);
    if (!timer) return { kind: 'gone' };
    if (Date.parse(timer.due_at) > ctx.now()) return hinted(ctx, ports, 'early', timer);
    const response = await ports.response(ctx.tenant);
    try {
      const decision = await decide(ctx, ports, { ...rows, alert }, timer, response);
      if (decision.kind !== 'commit') return { kind: 'gone' };
      const commit = await withIncident(ctx, ports, alert, decision, response);
      await ports.work.commit(commit);
      return await hinted(ctx, ports, 'taken', nextTimer(commit.changes));
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** What a due timer asks for; `rows` are those of its alert, if there is one. */
async function decide(
  ctx: Context,
  { work }: TimerPorts,
  { alert, ...rest }: Omit<AlertRows, 'alert'> & { alert: Alert | undefined },
  timer: Timer,
  response: ResponseRules,
): Promise<{ kind: 'commit'; commit: Commit; alert?: Alert } | { kind: 'unchanged' | 'refused' }> {
  const { kind } = timer;
  if (kind === 'silence_reminder') return decideReminder(timer, response.silences, ctx);
  if (kind === 'group') {
    const commit = await takeGroup(ctx, work, timer.alert_id, response);
    return commit ? { kind: 'commit', commit } : { kind: 'unchanged' };
  }
  if (alert === undefined) return forget(timer);
  const rows = { ...rest, alert };
  const taken = () => DECIDERS[kind](rows, timer, response, ctx);
  if (kind === 'escalate' && isGroupAlert(alert))
    return guardStep(work, ctx, rows, timer, response, taken);
  return taken();
}

/** The commit with what it does to incidents: an alert that is no longer held back joins or causes one. */
async function withIncident(
  ctx: Context,
  ports: TimerPorts,
  former: Alert | undefined,
  decided: { commit: Commit; alert?: Alert },
  response: ResponseRules,
): Promise<Commit> {
  const { commit, alert } = decided;
  if (alert === undefined) return commit;
  const around = { work: ports.work, response: () => Promise.resolve(response) };
  return (await follow(around, ctx, former, { commit, alert })).commit;
}

/** The alert has expired: its timer has nobody to tell of anything. */
function forget(row: Timer) {
  const changes: Change[] = [{ kind: 'timer.delete', row, expected: row.revision }];
  return { kind: 'commit', commit: { changes, journal: [], outbox: [] } } as const;
}

function nextTimer(changes: readonly Change[]): Timer | undefined {
  return changes.find((change) => change.kind === 'timer')?.row;
}

/** Hints a timer when it is less than 15 minutes away; a hint that cannot be given is told, not thrown. */
export async function hinted(
  ctx: Context,
  ports: Pick<TimerPorts, 'timers'>,
  kind: TimerTaken['kind'],
  timer: Timer | undefined,
): Promise<TimerTaken> {
  if (!timer) return { kind };
  const waitMs = Math.max(0, Date.parse(timer.due_at) - ctx.now());
  if (waitMs > HINT_SECONDS_MAX * 1000) return { kind };
  const { tenant, alert_id, step } = timer;
  try {
    const hint = { kind: 'timer', tenant, alert_id, timer: timer.kind, step } as const;
    await ports.timers.hint(hint, waitMs);
    return { kind };
  } catch (hint_error) {
    return { kind, hint_error };
  }
}
