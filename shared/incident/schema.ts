import * as z from 'zod';

import { SEVERITIES } from '#shared/kernel/severity.ts';

/** In this order, but that a manual escalation goes back to ESCALATED and a new match opens what was CLOSED. */
export const INCIDENT_STATUSES = [
  'OPEN',
  'ESCALATED',
  'ANALYZING',
  'MITIGATING',
  'CLOSED',
] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Alerts of one service that are worked on as one thing. Times are RFC 3339 UTC. */
export const Incident = z.object({
  incident_id: z.string(),
  tenant: z.string(),
  /** That of the alert that caused it. */
  title: z.string(),
  service: z.string(),
  /** The gravest any of its alerts ever had. */
  severity: z.enum(SEVERITIES),
  status: z.enum(INCIDENT_STATUSES),
  /** The last 200 alerts that joined, oldest first; escalation alerts are not among them. */
  alert_ids: z.array(z.string()),
  /** All that ever joined, each once. */
  alert_count: z.number().int(),
  /** Those that are not RESOLVED. */
  open_count: z.number().int(),
  /** The last 50 alerts that an escalation made, oldest first. */
  escalation_ids: z.array(z.string()),
  assigned_to: z.string().optional(),
  /** Escalations so far, the automatic one included. */
  escalation_level: z.number().int(),
  /** Who or what made it. */
  opened_by: z.string(),
  opened_at: z.string(),
  /** When the newest alert joined or came back. */
  last_alert_at: z.string(),
  /** The first acknowledgement of any of its alerts. */
  acknowledged_at: z.string().optional(),
  reopened_at: z.string().optional(),
  closed_by: z.string().optional(),
  closed_at: z.string().optional(),
  updated_at: z.string(),
  /** Grows with every change of status, severity, assignee or level; what `if_version` compares. */
  version: z.number().int(),
  /** Grows with every write. */
  revision: z.number().int(),
});
export type Incident = z.infer<typeof Incident>;

/** Remembers the newest incident of a service, so that its next alert finds it. */
export interface IncidentPointer {
  tenant: string;
  service: string;
  incident_id: string;
  /** RFC 3339, when that incident was made; the row goes long after it. */
  opened_at: string;
  revision: number;
}

/** How a tenant's alerts become incidents. */
export const IncidentSettings = z.object({
  /** An incident of severity ERROR or CRITICAL escalates as it is made. */
  auto_escalate: z.boolean().default(true),
  /** An alert joins the incident of its service until so long after the last alert, or the close. */
  window_minutes: z.number().min(1).max(10_080).default(30),
  /**
   * Where its service has none, it joins that of a service which it depends on or which depends on it,
   * until so long after the last alert; 0: never.
   */
  neighbour_minutes: z.number().min(0).max(10_080).default(5),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type IncidentSettings = z.infer<typeof IncidentSettings>;
