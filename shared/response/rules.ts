import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

/** Everything of a tenant that decides who is told of an alert and what holds that back. */
export interface ResponseRules {
  /** In ascending order; the first that matches is the alert's. */
  policies: readonly EscalationPolicy[];
  schedules: readonly Schedule[];
}

/** Rules under which nobody is ever told. */
export const NO_RESPONSE: ResponseRules = { policies: [], schedules: [] };
