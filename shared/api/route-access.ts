import type { Scope } from '#shared/access/scope.ts';

import { ALERT_ACCESS } from './alert-access.ts';
import { CHANNEL_ACCESS } from './channel-access.ts';
import { INCIDENT_ACCESS } from './incident-access.ts';
import { RESPONSE_ACCESS } from './response-access.ts';
import { RULE_ACCESS } from './rule-access.ts';
import { SERVICE_ACCESS } from './service-access.ts';
import { SUPPRESSION_ACCESS } from './suppression-access.ts';

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
  ...ALERT_ACCESS,
  ...INCIDENT_ACCESS,
  ...RULE_ACCESS,
  ...RESPONSE_ACCESS,
  ...SUPPRESSION_ACCESS,
  ...CHANNEL_ACCESS,
  ...SERVICE_ACCESS,
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
