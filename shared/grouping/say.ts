import { type Acting, announce } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import { owedChannels, withChanged } from '#shared/alert/desired.ts';
import { commitMove, withNextTimer } from '#shared/alert/move.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { JournalEntry } from '#shared/audit/schema.ts';
import { planResume } from '#shared/escalation/plan-resume.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';
import { planResponse } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import { bornGroupAlert, withNamed } from './group-alert.ts';
import { renewDeliveries } from './renew-deliveries.ts';
import type { AlertGroup } from './schema.ts';

/** Most deliveries that one message renews: what a commit has room for. */
const DELIVERIES_MAX = 60;

interface Saying {
  commit: Commit;
  alert: Alert;
}

/** The first message of a group: its own alert opens and is told as its policy has it. Pure. */
export function openGroupAlert(
  group: AlertGroup,
  named: readonly Alert[],
  response: ResponseRules,
  ctx: Acting & Clock,
): Saying {
  const at = new Date(ctx.now()).toISOString();
  const plan = planResponse(bornGroupAlert(group, named, at), [], response, at);
  // Its members have timeouts of their own.
  const { ack_timeout_minutes: _none, ...alert } = plan.alert;
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: 0 },
    ...plan.deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
    ...(plan.timer ? [{ kind: 'timer', row: plan.timer, expected: 0 } as const] : []),
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: 'alert.open',
    type: 'alert.opened',
    after: {
      state: alert.state,
      severity: alert.severity,
      title: alert.title,
      episode: alert.episode,
      trace: [said(group), ...plan.trace],
    },
    channels: owedChannels(plan.deliveries),
  };
  const { journal, outbox } = announce(alert, happening, ctx, at);
  const entry = messageEntry(group, alert, ctx);
  return { commit: { changes, journal: [...journal, entry], outbox }, alert };
}

/**
 * A further message of a group, over the same deliveries: receivers with a key of ours update what they
 * have. An alert that somebody had is open again when something of it is new. Pure.
 */
export function sayAgain(
  group: AlertGroup,
  rows: AlertRows,
  named: readonly Alert[],
  response: ResponseRules,
  ctx: Acting & Clock,
): Saying {
  const at = new Date(ctx.now()).toISOString();
  const { acknowledged_by: _by, acknowledgements: _several, ...rest } = rows.alert;
  const wasOpen = rows.alert.state === 'OPEN';
  const standing: Alert = wasOpen ? rows.alert : { ...rest, state: 'OPEN' };
  const alert = withNamed(standing, group, named, at);
  const { number, reason } = group.message!;
  const renewed = renewDeliveries(
    rows.deliveries,
    { number, onlyOver: reason === 'resolved' },
    at,
  ).slice(0, DELIVERIES_MAX);
  const escalation = rows.timers.find(({ kind }) => kind === 'escalate');
  const timer = escalation ?? planResume(response.policies, alert, at);
  const next = withNextTimer(alert, timer);
  const changes: Change[] = [
    { kind: 'alert', row: next, expected: rows.alert.revision },
    ...renewed.map((row): Change => ({ kind: 'delivery', row, expected: row.revision - 1 })),
    ...(timer && timer !== escalation ? [{ kind: 'timer', row: timer, expected: 0 } as const] : []),
    ...rows.timers
      .filter(({ kind }) => kind === 'ack_timeout')
      .map((row): Change => ({ kind: 'timer.delete', row, expected: row.revision })),
    { kind: 'touch', row: next },
  ];
  const again: TraceStep[] = renewed.map(({ delivery_key: id, channel, destination }) => ({
    step: 'escalation_step',
    outcome: 'told',
    id,
    detail: `${channel} ${destination}`,
  }));
  const happening = {
    action: 'alert.tell_group',
    type: wasOpen ? 'alert.group_told' : 'alert.reopened',
    before: { title: rows.alert.title, state: rows.alert.state },
    after: { title: next.title, state: next.state, trace: [said(group), ...again] },
    occasion: `message ${number}`,
    channels: owedChannels(withChanged(rows.deliveries, renewed)),
  };
  const { journal, outbox } = announce(next, happening, ctx, at);
  const entry = messageEntry(group, next, ctx);
  return { commit: { changes, journal: [...journal, entry], outbox }, alert: next };
}

/** Everything of a group is over: its own alert is resolved, which tells its receivers. Pure. */
export function endGroupAlert(group: AlertGroup, rows: AlertRows, ctx: Acting & Clock): Commit {
  const at = new Date(ctx.now()).toISOString();
  const entry = messageEntry(group, rows.alert, ctx);
  if (rows.alert.state === 'RESOLVED') return { changes: [], journal: [entry], outbox: [] };
  const alert: Alert = {
    ...rows.alert,
    state: 'RESOLVED',
    resolved_by: ctx.actor,
    resolved_at: at,
    updated_at: at,
    version: rows.alert.version + 1,
    revision: rows.alert.revision + 1,
  };
  const happening = {
    action: 'alert.resolve',
    type: 'alert.resolved',
    before: { state: rows.alert.state },
    after: { state: alert.state, resolved_by: ctx.actor, trace: [said(group)] },
    reason: 'all alerts of the group are over',
  };
  const decision = commitMove(rows, { alert, happening, at }, ctx);
  if (decision.kind !== 'commit') return { changes: [], journal: [entry], outbox: [] };
  return { ...decision.commit, journal: [...decision.commit.journal, entry] };
}

function said({ alert_group_id: id, message }: AlertGroup): TraceStep {
  const { number, firing, resolved } = message!;
  const over = resolved.length > 0 ? `, ${resolved.length} over` : '';
  return {
    step: 'grouping',
    outcome: 'said',
    id,
    detail: `message ${number}: ${firing.length} firing${over}`,
  };
}

/** What the message says of which alerts, under the group: whoever asks about one of them finds it. */
function messageEntry(group: AlertGroup, { alert_id }: Alert, acting: Acting): JournalEntry {
  const { tenant, alert_group_id, message, episode } = group;
  return {
    entry_id: digestUuid('alert_group.message', alert_group_id, `${episode}|${message!.number}`),
    tenant,
    subject: { kind: 'alert_group', id: alert_group_id },
    action: 'alert_group.message',
    actor: acting.actor,
    at: message!.at,
    after: { ...message, alert_id },
    correlation_id: acting.correlation_id,
    security_level: 'internal',
  };
}
