import { deliveryKey } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { TraceStep } from '#shared/response/trace.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

import { nextPosition, type Position, type Standing } from './position.ts';
import { type ResolvedTarget, resolveTargets } from './resolve-targets.ts';
import type { EscalationPolicy, Timer } from './schema.ts';

/** When a whole round reached nobody, the next one waits so long at least. */
const NOBODY_WAIT_MS = 60_000;

/** What a step, or the opening of an alert, sets off. */
export interface StepPlan {
  escalation_level: number;
  deliveries: Delivery[];
  timer?: Timer;
  trace: TraceStep[];
}

/** The timer of the step after those taken, its delay counted from `at`; undefined after the last. Pure. */
export function planTimer(
  policy: EscalationPolicy,
  standing: Standing,
  at: string,
  waitMsMin = 0,
): Timer | undefined {
  const next = nextPosition(policy, standing);
  if (!next) return undefined;
  return {
    tenant: standing.tenant,
    alert_id: standing.alert_id,
    step: standing.escalation_level + 1,
    kind: 'escalate',
    due_at: new Date(Date.parse(at) + Math.max(next.delayMs, waitMsMin)).toISOString(),
    policy_id: policy.policy_id,
    policy_version: policy.version,
    revision: 1,
  };
}

/**
 * Takes the next step now. One that reaches nobody (its schedules have nobody on call, or are gone) is
 * passed over for the one after it, at most once around the policy. `Delivery.step` counts the steps
 * of all rounds, so a repetition has deliveries, and idempotency keys, of its own. Pure.
 */
export function takeStep(
  policy: EscalationPolicy,
  schedules: readonly Schedule[],
  standing: Standing,
  at: string,
): StepPlan {
  const trace: TraceStep[] = [];
  let level = standing.escalation_level;
  for (let passed = 0; passed < policy.steps.length; passed++) {
    const position = nextPosition(policy, { ...standing, escalation_level: level });
    if (!position) break;
    level++;
    const { resolved, trace: why } = resolveTargets(
      policy.steps[position.step - 1]!.targets,
      schedules,
      at,
    );
    trace.push(...why);
    if (resolved.length === 0) {
      trace.push({
        step: 'escalation_step',
        outcome: 'reached_nobody',
        ...named(policy, position),
      });
      continue;
    }
    const deliveries = resolved.map((target) => deliveryOf(standing, level, target, at));
    trace.push(...deliveries.map(told));
    const timer = planTimer(policy, { ...standing, escalation_level: level }, at);
    return { escalation_level: level, deliveries, ...(timer && { timer }), trace };
  }
  const after = { ...standing, escalation_level: level };
  const timer = planTimer(policy, after, at, NOBODY_WAIT_MS);
  if (!timer) trace.push({ step: 'escalation_step', outcome: 'exhausted', id: policy.policy_id });
  return { escalation_level: level, deliveries: [], ...(timer && { timer }), trace };
}

/** What an alert that begins its policy, or goes on with it, sets off: an immediate first step, or a timer. Pure. */
export function planOnward(
  policy: EscalationPolicy,
  schedules: readonly Schedule[],
  standing: Standing,
  at: string,
): StepPlan {
  const next = nextPosition(policy, standing);
  if (next?.step === 1 && next.round === 0 && next.delayMs === 0)
    return takeStep(policy, schedules, standing, at);
  const timer = planTimer(policy, standing, at);
  const { escalation_level } = standing;
  return { escalation_level, deliveries: [], ...(timer && { timer }), trace: [] };
}

function deliveryOf(
  { tenant, alert_id }: Standing,
  step: number,
  target: ResolvedTarget,
  at: string,
): Delivery {
  return {
    delivery_key: deliveryKey(alert_id, step, target.destination),
    tenant,
    alert_id,
    step,
    ...target,
    status: 'QUEUED',
    desired: 'trigger',
    attempts: 0,
    created_at: at,
    updated_at: at,
    desired_at: at,
    next_attempt_at: at,
    revision: 1,
  };
}

function named(policy: EscalationPolicy, { step, round }: Position) {
  const repetition = round > 0 ? `, repetition ${round}` : '';
  return { id: policy.policy_id, version: policy.version, detail: `step ${step}${repetition}` };
}

function told({ delivery_key, channel, destination, for_user }: Delivery): TraceStep {
  const person = for_user === undefined ? '' : ` for ${for_user}`;
  return {
    step: 'escalation_step',
    outcome: 'told',
    id: delivery_key,
    detail: `${channel} ${destination}${person}`,
  };
}
