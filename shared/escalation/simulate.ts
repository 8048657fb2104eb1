import type { Alert } from '#shared/alert/schema.ts';
import { isGrouped } from '#shared/grouping/group-of.ts';
import { Grouping } from '#shared/grouping/schema.ts';
import { ungrouped } from '#shared/grouping/ungrouped.ts';
import { planResponse, type ResponsePlan } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { suppress } from '#shared/response/suppress.ts';

import { inOrder, matchesPolicy } from './choose-policy.ts';
import { planStep } from './decide-escalate.ts';
import type { SimulatedAlert, SimulatedStep, Simulation } from './simulation-schema.ts';

/** Timers that are followed; what is held back for longer than they reach stays held back. */
const TIMERS_MAX = 500;

/**
 * What happens to an alert that opens at `at` (RFC 3339) and that nobody answers: who is told, when and
 * by what, as the very planning of production has it at each of these times. Pure.
 */
export function simulate(alert: Alert, response: ResponseRules, at: string): Simulation {
  const steps: SimulatedStep[] = [];
  let rules = response;
  let plan = planResponse(alert, [], rules, at);
  let now = at;
  const note = () => {
    if (!isRepeated(steps.at(-1), plan)) steps.push(stepOf(plan, now));
    if (!isGrouped(plan.alert)) return;
    // Alone in its group it is told as if it opened when the group's wait is over.
    now = firstMessageAt(plan.alert, response, now);
    rules = ungrouped(response);
    plan = withMessage(planResponse(asNew(alert, now), [], rules, now), plan.alert);
    steps.push(stepOf(plan, now));
  };
  note();
  for (let taken = 0; plan.timer && taken < TIMERS_MAX; taken++) {
    now = plan.timer.due_at;
    plan = plan.timer.kind === 'recheck' ? recheck(plan, rules, now) : step(plan, rules, now);
    note();
  }
  return {
    at,
    considered: consider(plan.alert, response),
    acknowledgements_needed: plan.alert.acknowledgements_needed ?? 1,
    steps: steps.filter(({ told, trace }) => told.length > 0 || trace.length > 0),
    ends:
      plan.alert.suppressed_by.length > 0
        ? 'held_back'
        : plan.alert.policy_id === undefined
          ? 'no_policy'
          : 'all_told',
  };
}

/** When a group of one alert says its first word (RFC 3339). */
function firstMessageAt(
  { policy_id, severity }: Alert,
  { policies }: ResponseRules,
  at: string,
): string {
  const grouping = policies.find((policy) => policy.policy_id === policy_id)?.grouping;
  const { wait_seconds, critical_wait_seconds } = grouping ?? Grouping.parse({});
  const wait =
    severity === 'CRITICAL' ? Math.min(wait_seconds, critical_wait_seconds) : wait_seconds;
  return new Date(Date.parse(at) + wait * 1000).toISOString();
}

function withMessage(plan: ResponsePlan, { alert_group_id: id }: Alert): ResponsePlan {
  const detail = 'message 1: 1 firing';
  const said = {
    step: 'grouping',
    outcome: 'said',
    ...(id !== undefined && { id }),
    detail,
  } as const;
  return { ...plan, trace: [said, ...plan.trace] };
}

function step({ alert }: ResponsePlan, response: ResponseRules, at: string): ResponsePlan {
  const held = suppress(alert, response, at);
  if (held.suppressed_by.length > 0) return planResponse(alert, [], response, at);
  const { alert: next, plan } = planStep(alert, response, at);
  const { deliveries, timer, trace } = plan;
  return { alert: next, deliveries, trace, ...(timer && { timer }) };
}

/** What was held back goes on where it stood; a step that was due then is taken at once. */
function recheck(plan: ResponsePlan, response: ResponseRules, at: string): ResponsePlan {
  const held = suppress(plan.alert, response, at);
  if (held.suppressed_by.length > 0 || plan.alert.policy_id === undefined)
    return planResponse(plan.alert, [], response, at);
  return step({ ...plan, alert: { ...plan.alert, suppressed_by: [] } }, response, at);
}

/** Looked at again and still held back by the same: once is enough to be told of it. */
function isRepeated(last: SimulatedStep | undefined, { deliveries, trace }: ResponsePlan): boolean {
  return deliveries.length === 0 && JSON.stringify(last?.trace) === JSON.stringify(trace);
}

function stepOf({ alert, deliveries, trace }: ResponsePlan, at: string): SimulatedStep {
  return {
    at,
    escalation_level: alert.escalation_level,
    told: deliveries.map(({ channel, destination, for_user, schedule_id, schedule_version }) => ({
      channel,
      destination,
      ...(for_user !== undefined && { for_user }),
      ...(schedule_id !== undefined && { schedule_id }),
      ...(schedule_version !== undefined && { schedule_version }),
    })),
    trace,
  };
}

function consider(alert: Alert, { policies }: ResponseRules): Simulation['considered'] {
  const considered: Simulation['considered'] = [];
  for (const policy of inOrder(policies)) {
    const { policy_id, name, version, enabled } = policy;
    const outcome = !enabled
      ? 'disabled'
      : matchesPolicy(policy, alert)
        ? 'chosen'
        : 'does_not_match';
    considered.push({ policy_id, name, version, outcome });
    if (outcome === 'chosen') break;
  }
  return considered;
}

/** An alert that opens at `at` with what is said of it, and the rest made up. Pure. */
export function imagineAlert(tenant: string, said: SimulatedAlert, at: string): Alert {
  const { rule_id = 'simulated', title = 'Simulated alert', category, labels } = said;
  const { service = 'simulated', severity = 'ERROR', group = {} } = said;
  return {
    alert_id: 'simulated',
    tenant,
    rule_id,
    rule_version: 1,
    event_id: 'simulated',
    title,
    service,
    severity,
    ...(category !== undefined && { category }),
    ...(labels && { labels }),
    group_key: '',
    group,
    episode: 1,
    state: 'OPEN',
    created_at: at,
    updated_at: at,
    first_seen: at,
    last_seen: at,
    count: 1,
    escalation_level: 0,
    suppressed_by: [],
    evidence: { first: [], last: [] },
    explain: { detector: 'match', summary: '', expected: '', observed: '' },
    version: 1,
    revision: 1,
  };
}

/** A stored alert as if it opened at `at`. Pure. */
export function asNew(alert: Alert, at: string): Alert {
  const {
    policy_id: _policy,
    escalation_from: _from,
    next_escalation_at: _next,
    acknowledgements: _several,
    acknowledged_by: _by,
    alert_group_id: _group,
    ...rest
  } = alert;
  const times = { created_at: at, updated_at: at };
  return { ...rest, ...times, state: 'OPEN', escalation_level: 0, suppressed_by: [] };
}
