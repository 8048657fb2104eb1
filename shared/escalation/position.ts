import type { EscalationPolicy } from './schema.ts';

/** How far an alert has been escalated. */
export interface Standing {
  tenant: string;
  alert_id: string;
  /** Steps taken so far, repetitions included. */
  escalation_level: number;
  /** The level at which the policy last began; absent: 0. */
  escalation_from?: number | undefined;
}

/** A step of a policy in one of its rounds. */
export interface Position {
  /** From 1, within the policy. */
  step: number;
  /** 0 for the first time, then one more for each repetition. */
  round: number;
  delayMs: number;
}

/** Shortest pause before everything is repeated, unless the policy names one. */
const REPEAT_MINUTES_MIN = 5;

/**
 * The step that follows those taken; undefined when the last repetition is over. It is found by
 * counting, so that a policy may be edited while an alert is on its way through it. Pure.
 */
export function nextPosition(policy: EscalationPolicy, standing: Standing): Position | undefined {
  const { steps, repeat } = policy;
  const taken = standing.escalation_level - (standing.escalation_from ?? 0);
  const round = Math.floor(taken / steps.length);
  if (round > repeat) return undefined;
  const step = (taken % steps.length) + 1;
  const delays = steps.map(({ delay_minutes }) => delay_minutes);
  const repeats = step === 1 && round > 0;
  const pause = policy.repeat_delay_minutes ?? Math.max(REPEAT_MINUTES_MIN, ...delays);
  return { step, round, delayMs: Math.round((repeats ? pause : delays[step - 1]!) * 60_000) };
}
