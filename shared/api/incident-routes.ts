import * as z from 'zod';

import { TimelineEntry } from '#shared/audit/schema.ts';
import { Incident, INCIDENT_STATUSES, IncidentSettings } from '#shared/incident/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';

import { ifVersion, none, page, pageOf, reason } from './field.ts';

const id = { incident_id: z.string().min(1).max(128) };
const subject = z.string().min(1).max(128).optional();

/** An incident with its times, in seconds; null while it is not over or nobody acknowledged it. */
const IncidentDetail = Incident.extend({
  seconds_to_acknowledge: z.number().nullable(),
  seconds_to_resolve: z.number().nullable(),
});

/** Seconds over some incidents; null when there are none. */
const Spread = z.object({
  count: z.number().int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
});

/** The schemas of the operations on incidents. */
export const INCIDENT_ROUTE_SCHEMAS = {
  'incidents.list': {
    params: none,
    query: {
      status: z.array(z.enum(INCIDENT_STATUSES)).max(5).optional(),
      severity: z.array(z.enum(SEVERITIES)).max(4).optional(),
      service: z.array(z.string().max(256)).max(50).optional(),
      ...page,
    },
    body: none,
    result: pageOf(Incident),
  },
  'incidents.open': {
    params: none,
    query: none,
    body: {
      alert_ids: z.array(z.string().min(1).max(128)).min(1).max(20),
      /** That of the gravest alert unless told. */
      title: z.string().min(1).max(512).optional(),
      ...reason,
    },
    status: 201,
    result: Incident,
  },
  'incidents.recent': {
    params: none,
    query: { limit: z.coerce.number().int().min(1).max(100).default(40) },
    body: none,
    result: z.object({
      items: z.array(
        TimelineEntry.extend({
          incident: Incident.pick({
            incident_id: true,
            title: true,
            service: true,
            severity: true,
            status: true,
          }),
        }),
      ),
    }),
  },
  'incidents.timeline': {
    params: none,
    query: {
      /** Exactly one of the two. */
      alert: subject,
      incident: subject,
      ...page,
    },
    body: none,
    result: pageOf(TimelineEntry),
  },
  'incidents.metrics': {
    params: none,
    query: { days: z.coerce.number().int().min(1).max(90).default(30) },
    body: none,
    result: z.object({
      from: z.string(),
      to: z.string(),
      incidents: z.number().int(),
      /** Incidents that are not CLOSED. */
      unresolved: z.number().int(),
      /** MTTA: from the opening to the first acknowledgement, or to the first person's status. */
      seconds_to_acknowledge: Spread,
      /** MTTR: from the opening to the close. */
      seconds_to_resolve: Spread,
      /** True when there are more incidents than were looked at. */
      truncated: z.boolean(),
    }),
  },
  'incidents.settings': { params: none, query: none, body: none, result: IncidentSettings },
  'incidents.configure': {
    params: none,
    query: none,
    body: {
      auto_escalate: IncidentSettings.shape.auto_escalate,
      window_minutes: IncidentSettings.shape.window_minutes,
      ...ifVersion,
      ...reason,
    },
    result: IncidentSettings,
  },
  'incidents.get': { params: id, query: none, body: none, result: IncidentDetail },
  'incidents.escalate': {
    params: id,
    query: none,
    body: {
      /** The same id escalates once, however often it is sent; the `Idempotency-Key` unless told. */
      request_id: z.string().min(1).max(128).optional(),
      ...ifVersion,
      ...reason,
    },
    result: Incident,
  },
  'incidents.assign': {
    params: id,
    query: none,
    body: {
      /** Null takes the assignment away. */
      assigned_to: z.string().min(1).max(256).nullable(),
      ...ifVersion,
      ...reason,
    },
    result: Incident,
  },
  'incidents.status': {
    params: id,
    query: none,
    body: {
      /** ESCALATED comes of an escalation, OPEN of a new alert. */
      status: z.enum(['ANALYZING', 'MITIGATING', 'CLOSED']),
      ...ifVersion,
      ...reason,
    },
    result: Incident,
  },
} as const;
