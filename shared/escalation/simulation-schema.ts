import * as z from 'zod';

import { Alert } from '#shared/alert/schema.ts';
import { CHANNELS } from '#shared/notification/schema.ts';

/** What of an alert the patterns and matchers of the response look at; what is absent is made up. */
export const SimulatedAlert = Alert.pick({
  rule_id: true,
  title: true,
  service: true,
  severity: true,
  category: true,
  labels: true,
  group: true,
}).partial();
export type SimulatedAlert = z.infer<typeof SimulatedAlert>;

const TraceLine = z.object({
  step: z.string(),
  outcome: z.string(),
  id: z.string().optional(),
  version: z.number().int().optional(),
  detail: z.string().optional(),
});

/** One moment at which people are told, or would be. */
export const SimulatedStep = z.object({
  at: z.string(),
  /** The alert's level after it. */
  escalation_level: z.number().int(),
  /** Who is told; empty when nobody is reached. */
  told: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      destination: z.string(),
      /** Whoever is on call then, where a schedule says who. */
      for_user: z.string().optional(),
      schedule_id: z.string().optional(),
      schedule_version: z.number().int().optional(),
    }),
  ),
  trace: z.array(TraceLine),
});
export type SimulatedStep = z.infer<typeof SimulatedStep>;

/** Who would be told of an alert that opened at an instant, until nobody is left to tell. */
export const Simulation = z.object({
  at: z.string(),
  /** The policies in the order in which they are tried, up to the one that is chosen. */
  considered: z.array(
    z.object({
      policy_id: z.string(),
      name: z.string(),
      version: z.number().int(),
      outcome: z.enum(['disabled', 'does_not_match', 'chosen']),
    }),
  ),
  /** Different people who have to acknowledge before it ends. */
  acknowledgements_needed: z.number().int(),
  steps: z.array(SimulatedStep),
  /** Why nobody is told any more after the last step. */
  ends: z.enum(['no_policy', 'all_told', 'held_back']),
});
export type Simulation = z.infer<typeof Simulation>;
