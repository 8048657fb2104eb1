import type { Acting } from '#shared/alert/announce.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { OutboxRow } from '#shared/audit/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { announce } from '#shared/outbox/announce.ts';
import { joined, rowsOf } from '#shared/incident/close.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { type Commit, COMMIT_ROWS_MAX, type WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { groupOf, isGroupAlert, isGrouped, nextPart } from './group-of.ts';
import { groupChanges, join, newborn, nextTick, withDue } from './join.ts';
import { isSame, memberOf, wantedOf } from './member.ts';
import { readGroupAlert } from './read-group.ts';
import { type AlertGroup, Grouping } from './schema.ts';
import { settleGroupAlert } from './settle.ts';

/** Alerts of one group; what comes then begins another of the same labels. */
const MEMBERS_MAX = 200;
/** What is due later is hinted by the sweep. */
const SOON_MS = 60_000;
/** Rows that a grouped alert's commit needs for its group. */
export const GROUP_ROWS = 12;

interface Decided {
  commit: Commit;
  alert: Alert;
}

interface GroupPorts {
  work: WorkStore;
  response?(this: void): Promise<ResponseRules>;
}

type Ctx = Acting & Clock & { tenant: string };

/**
 * A commit with what it does to the groups of its alerts, so that both happen at once: they join, or are
 * over, and the timer of the group's next message stands. When nobody is wanted any more for any alert
 * of a group, the group's own alert is settled in this same commit. What is read is expected unchanged.
 */
export async function followGroups<Kind extends Decided>(
  ports: GroupPorts,
  ctx: Ctx,
  former: Alert | undefined,
  decided: Kind,
): Promise<Kind> {
  const rows = decided.commit.changes.flatMap((change) =>
    change.kind === 'alert' && change.row.alert_group_id !== undefined ? [change.row] : [],
  );
  const own = rows.find(isGroupAlert);
  if (own) return followOwn(ports, ctx, former, decided, own);
  const changed = rows.filter((row) => former?.alert_id !== row.alert_id || isMoved(former, row));
  const meant = await placed(ports, former, decided, changed);
  let result = meant.decided;
  for (const alerts of Object.values(Object.groupBy(meant.alerts, (row) => row.alert_group_id!)))
    result = await followOne(ports, ctx, result, alerts!);
  return result;
}

function isMoved(former: Alert, row: Alert): boolean {
  return former.alert_group_id === undefined || !isSame(memberOf(former), memberOf(row));
}

/** The alerts that are new to groups in those their policies mean: their incidents were not known before. */
async function placed<Kind extends Decided>(
  { response }: GroupPorts,
  former: Alert | undefined,
  given: Kind,
  changed: readonly Alert[],
): Promise<{ decided: Kind; alerts: Alert[] }> {
  let decided = given;
  const alerts: Alert[] = [];
  for (const alert of changed) {
    const isKnown = former?.alert_id === alert.alert_id && former.alert_group_id !== undefined;
    const { alert_group_id = '' } = alert;
    const grouping = isKnown ? undefined : (await policyOf(response, alert))?.grouping;
    const id = grouping
      ? groupOf(alert.policy_id!, grouping, alert).alert_group_id
      : alert_group_id;
    const next = moved(decided, [alert], id);
    decided = next.decided;
    alerts.push(...next.alerts);
  }
  return { decided, alerts };
}

async function policyOf(response: GroupPorts['response'], { policy_id }: Alert) {
  return (await response?.())?.policies.find((policy) => policy.policy_id === policy_id);
}

async function followOne<Kind extends Decided>(
  { work, response }: GroupPorts,
  ctx: Ctx,
  given: Kind,
  said: readonly Alert[],
): Promise<Kind> {
  const at = new Date(ctx.now()).toISOString();
  const first = said[0]!;
  const { tenant, policy_id = '' } = first;
  const meant = first.alert_group_id!;
  let id = meant;
  let found = await work.getAlertGroup(tenant, id);
  for (let part = 2; isFull(found, first); part++) {
    id = nextPart(meant, part);
    found = await work.getAlertGroup(tenant, id);
  }
  const { decided, alerts } = moved(given, said, id);
  let standing = found;
  if (found === undefined || found.ended_at !== undefined) {
    const policy = await policyOf(response, first);
    const settings = policy?.grouping ?? found?.settings ?? Grouping.parse({});
    const { labels } = groupOf(policy_id, settings, first);
    standing = newborn(found, { alert_group_id: id, tenant, policy_id, settings, labels });
  }
  const group = join(standing!, alerts.map(memberOf), at);
  if (group === standing) return decided;
  const commit = withGroup(decided.commit, found, group, ctx);
  const isLeft = wantedOf(standing!).length > 0 && wantedOf(group).length === 0;
  if (group.alert_id === undefined || !isLeft) return { ...decided, commit };
  const own = await readGroupAlert(work, group);
  const settled = own && settleGroupAlert(group, own, ctx);
  if (settled === undefined) return { ...decided, commit };
  const whole = joined(commit, settled);
  if (rowsOf(whole) <= COMMIT_ROWS_MAX) return { ...decided, commit: whole };
  const later = withGroup(decided.commit, found, withDue(group, ctx.now()), ctx);
  return { ...decided, commit: later };
}

/** A change of the alert through which a group speaks: what a person says to it, its members are told. */
async function followOwn<Kind extends Decided>(
  { work }: GroupPorts,
  ctx: Ctx,
  former: Alert | undefined,
  decided: Kind,
  own: Alert,
): Promise<Kind> {
  if (former === undefined || former.state === own.state) return decided;
  const found = await work.getAlertGroup(own.tenant, own.alert_group_id!);
  if (found === undefined || found.alert_id !== own.alert_id) return decided;
  const state = own.state;
  if (state === 'OPEN') {
    const due = Math.min(...dueOf(found), nextTick(found, ctx.now()));
    return { ...decided, commit: withGroup(decided.commit, found, withDue(found, due), ctx) };
  }
  const alert_ids = found.members
    .filter((one) => one.state !== 'RESOLVED' && one.state !== state)
    .map(({ alert_id }) => alert_id);
  const wish = { state, by: ctx.actor, alert_ids };
  const next = withDue({ ...found, wish }, ctx.now());
  return { ...decided, commit: withGroup(decided.commit, found, next, ctx) };
}

function dueOf({ timer }: AlertGroup): number[] {
  return timer ? [Date.parse(timer.due_at)] : [];
}

function isFull(group: AlertGroup | undefined, { alert_id }: Alert): boolean {
  if (group === undefined || group.members.length < MEMBERS_MAX) return false;
  return !group.members.some((member) => member.alert_id === alert_id);
}

/** The commit with the group as it now stands, and where its message is due before the next sweep, a word of that. */
function withGroup(
  commit: Commit,
  former: AlertGroup | undefined,
  next: AlertGroup,
  ctx: Ctx,
): Commit {
  const changes = groupChanges(former, next);
  const timer = changes.find((change) => change.kind === 'timer')?.row;
  const isSoon = timer !== undefined && Date.parse(timer.due_at) - ctx.now() <= SOON_MS;
  const outbox = isSoon ? [announceDue(timer, ctx)] : [];
  return joined(commit, { changes, journal: [], outbox });
}

/** Wakes one notifier, which owes nothing by this but hints timers, as it does for every alert's event. */
function announceDue(timer: Timer, ctx: Ctx): OutboxRow {
  const { tenant, alert_id, kind, step, due_at, revision } = timer;
  return announce({
    tenant,
    type: 'alert_group.due',
    source: 'sentry.grouping',
    payload: {
      tenant,
      alert: { alert_id },
      timer: { kind, step, due_at },
      channels: ['webhook'],
    },
    correlation_id: ctx.correlation_id,
    at: ctx.now(),
    identity: [alert_id, due_at, String(revision)],
  });
}

/** The commit with its alerts in another group than they were planned for. */
function moved<Kind extends Decided>(
  decided: Kind,
  alerts: readonly Alert[],
  id: string,
): { decided: Kind; alerts: Alert[] } {
  const before = alerts[0]!.alert_group_id!;
  const ids = new Set(alerts.map(({ alert_id }) => alert_id));
  const into = <Row extends Alert>(row: Row): Row =>
    ids.has(row.alert_id) && isGrouped(row) ? { ...row, alert_group_id: id } : row;
  if (before === id) return { decided, alerts: [...alerts] };
  const { commit } = decided;
  return {
    alerts: alerts.map(into),
    decided: {
      ...decided,
      alert: into(decided.alert),
      commit: {
        changes: commit.changes.map((change) =>
          change.kind === 'alert' || change.kind === 'touch'
            ? { ...change, row: into(change.row) }
            : change,
        ),
        journal: commit.journal.map((entry) => ({
          ...entry,
          ...(entry.after && { after: retraced(entry.after, before, id) }),
        })),
        outbox: commit.outbox.map((row) => {
          const { payload } = row.envelope;
          const alert = payload['alert'] as Alert | undefined;
          return alert === undefined
            ? row
            : {
                ...row,
                envelope: { ...row.envelope, payload: { ...payload, alert: into(alert) } },
              };
        }),
      },
    },
  };
}

function retraced(
  after: Record<string, unknown>,
  before: string,
  id: string,
): Record<string, unknown> {
  const { trace } = after;
  if (!Array.isArray(trace)) return after;
  const steps = trace as { step: string; id?: string }[];
  return {
    ...after,
    trace: steps.map((one) =>
      one.step === 'grouping' && one.id === before ? { ...one, id } : one,
    ),
  };
}
