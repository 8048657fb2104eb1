import type { Scope } from '#shared/access/scope.ts';

/** Who may call: a scope, any signed-in caller, a caller that signs its body, or everybody. */
export type Access = Scope | 'signed_in' | 'signed' | 'public';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What API Gateway, the local gateway, the router and the authorization test need of one route. */
export interface RouteAccess {
  /** `noun.verb`; also the name of the live method when `live`. */
  operation: string;
  method: HttpMethod;
  /** `{name}` stands for one segment; a fixed path wins over it. */
  path: string;
  access: Access;
  /** May be called over the WebSocket too, with the same schemas. */
  live: boolean;
  summary: string;
}

/** THE route table without its schemas (those are in `routes.ts`); free of zod, so anything may import it. */
export const ROUTE_ACCESS = [
  {
    operation: 'events.ingest',
    method: 'POST',
    path: '/v1/events',
    access: 'sentry.ingest',
    live: false,
    summary: 'Takes one event, an array, NDJSON, or CloudEvents; answers once all are durable.',
  },
  {
    operation: 'alerts.list',
    method: 'GET',
    path: '/v1/alerts',
    access: 'sentry.alert.read',
    live: true,
    summary: 'Alerts, newest first, a page at a time.',
  },
  {
    operation: 'alerts.summary',
    method: 'GET',
    path: '/v1/alerts/summary',
    access: 'sentry.alert.read',
    live: true,
    summary: 'Counts of active alerts by service and severity.',
  },
  {
    operation: 'alerts.ackAll',
    method: 'POST',
    path: '/v1/alerts/ackAll',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Acknowledges every open alert that the filter selects.',
  },
  {
    operation: 'alerts.get',
    method: 'GET',
    path: '/v1/alerts/{alert_id}',
    access: 'sentry.alert.read',
    live: true,
    summary: 'One alert with its evidence and explanation.',
  },
  {
    operation: 'alerts.deliveries',
    method: 'GET',
    path: '/v1/alerts/{alert_id}/deliveries',
    access: 'sentry.alert.read',
    live: true,
    summary: 'Who was told about an alert, by which channel, with what result.',
  },
  {
    operation: 'alerts.ack',
    method: 'POST',
    path: '/v1/alerts/{alert_id}/ack',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Acknowledges an alert: stops its escalation. Repeating it changes nothing.',
  },
  {
    operation: 'alerts.unack',
    method: 'POST',
    path: '/v1/alerts/{alert_id}/unack',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Takes an acknowledgement back.',
  },
  {
    operation: 'alerts.resolve',
    method: 'POST',
    path: '/v1/alerts/{alert_id}/resolve',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Resolves an alert.',
  },
  {
    operation: 'alerts.assign',
    method: 'POST',
    path: '/v1/alerts/{alert_id}/assign',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Gives an alert to somebody, or to nobody.',
  },
  {
    operation: 'rules.list',
    method: 'GET',
    path: '/v1/alerts/policies',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Detection rules in their current version.',
  },
  {
    operation: 'rules.create',
    method: 'POST',
    path: '/v1/alerts/policies',
    access: 'sentry.policy.write',
    live: true,
    summary: 'Adds a detection rule.',
  },
  {
    operation: 'rules.export',
    method: 'GET',
    path: '/v1/alerts/policies/export',
    access: 'sentry.policy.read',
    live: false,
    summary: 'All detection rules as one document, in a fixed order.',
  },
  {
    operation: 'rules.import',
    method: 'POST',
    path: '/v1/alerts/policies/import',
    access: 'sentry.policy.write',
    live: false,
    summary: 'Takes an exported document or an array of rules: all checked before any is written.',
  },
  {
    operation: 'rules.test',
    method: 'POST',
    path: '/v1/alerts/policies/test',
    access: 'sentry.policy.write',
    live: true,
    summary: 'What a draft or a stored rule says of given events, and why. Stores nothing.',
  },
  {
    operation: 'rules.schema',
    method: 'GET',
    path: '/v1/alerts/policies/schema',
    access: 'signed_in',
    live: false,
    summary: 'The format of a detection rule as JSON Schema, for editors.',
  },
  {
    operation: 'rules.get',
    method: 'GET',
    path: '/v1/alerts/policies/{rule_id}',
    access: 'sentry.policy.read',
    live: true,
    summary: 'One detection rule in its current version.',
  },
  {
    operation: 'rules.replace',
    method: 'PUT',
    path: '/v1/alerts/policies/{rule_id}',
    access: 'sentry.policy.write',
    live: true,
    summary: 'Makes a new version of a detection rule.',
  },
  {
    operation: 'rules.delete',
    method: 'DELETE',
    path: '/v1/alerts/policies/{rule_id}',
    access: 'sentry.policy.write',
    live: true,
    summary: 'Archives a detection rule; its versions stay.',
  },
  {
    operation: 'rules.versions',
    method: 'GET',
    path: '/v1/alerts/policies/{rule_id}/versions',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Every version of a detection rule, newest first.',
  },
  {
    operation: 'rules.rollback',
    method: 'POST',
    path: '/v1/alerts/policies/{rule_id}/rollback',
    access: 'sentry.policy.write',
    live: true,
    summary: 'Makes a new version with the body of an old one; the state stays as it is.',
  },
  {
    operation: 'rules.diff',
    method: 'GET',
    path: '/v1/alerts/policies/{rule_id}/diff',
    access: 'sentry.policy.read',
    live: true,
    summary: 'What changed in a detection rule from one version to another.',
  },
  {
    operation: 'incidents.timeline',
    method: 'GET',
    path: '/v1/incidents/timeline',
    access: 'sentry.alert.read',
    live: true,
    summary: 'The history of an alert, oldest first.',
  },
  {
    operation: 'escalations.list',
    method: 'GET',
    path: '/v1/escalations',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Escalation policies in the order in which they are tried.',
  },
  {
    operation: 'channels.list',
    method: 'GET',
    path: '/v1/channels',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Configured notification channels, without their secrets.',
  },
  {
    operation: 'quarantine.list',
    method: 'GET',
    path: '/v1/quarantine',
    access: 'sentry.read',
    live: true,
    summary: 'Input that could not be read, newest first, with reason and count.',
  },
  {
    operation: 'quarantine.get',
    method: 'GET',
    path: '/v1/quarantine/{quarantine_id}',
    access: 'sentry.read',
    live: true,
    summary: 'One quarantined input with its raw bytes.',
  },
  {
    operation: 'quarantine.replay',
    method: 'POST',
    path: '/v1/quarantine/{quarantine_id}/replay',
    access: 'sentry.ingest',
    live: true,
    summary: 'Puts a quarantined input on the stream again.',
  },
  {
    operation: 'live.ticket',
    method: 'POST',
    path: '/v1/live/ticket',
    access: 'signed_in',
    live: false,
    summary: 'A ticket that opens the WebSocket once, within 30 seconds.',
  },
  {
    operation: 'me.get',
    method: 'GET',
    path: '/v1/me',
    access: 'signed_in',
    live: false,
    summary: 'Who the caller is: tenant, roles and scopes.',
  },
  {
    operation: 'health.get',
    method: 'GET',
    path: '/v1/health',
    access: 'public',
    live: false,
    summary: 'Says that the API answers.',
  },
  {
    operation: 'openapi.get',
    method: 'GET',
    path: '/openapi.json',
    access: 'public',
    live: false,
    summary: 'This API as an OpenAPI 3.1 document.',
  },
  {
    operation: 'asyncapi.get',
    method: 'GET',
    path: '/asyncapi.json',
    access: 'public',
    live: false,
    summary: 'The live protocol as an AsyncAPI 3 document.',
  },
] as const satisfies readonly RouteAccess[];

export type Operation = (typeof ROUTE_ACCESS)[number]['operation'];
