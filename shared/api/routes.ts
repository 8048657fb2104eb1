import * as z from 'zod';

import { Alert } from '#shared/alert/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';
import { AlertLine, AlertQuery } from '#shared/live/schema.ts';
import { Delivery } from '#shared/notification/schema.ts';

import { BACKTEST_ROUTE_SCHEMAS } from './backtest-routes.ts';
import { CHANNEL_ROUTE_SCHEMAS } from './channel-routes.ts';
import { ESCALATION_ROUTE_SCHEMAS } from './escalation-routes.ts';
import { EXPLAIN_ROUTE_SCHEMAS } from './explain-routes.ts';
import { ifVersion, none, page, pageOf, reason, type RouteSchema } from './field.ts';
import { INCIDENT_ROUTE_SCHEMAS } from './incident-routes.ts';
import { LOOKUP_ROUTE_SCHEMAS } from './lookup-routes.ts';
import { ROUTE_ACCESS, type Operation, type RouteAccess } from './route-access.ts';
import { RULE_ROUTE_SCHEMAS } from './rule-routes.ts';
import { SCHEDULE_ROUTE_SCHEMAS } from './schedule-routes.ts';
import { SERVICE_ROUTE_SCHEMAS } from './service-routes.ts';
import { SUPPRESSION_ROUTE_SCHEMAS } from './suppression-routes.ts';

const alertId = { alert_id: z.string().min(1).max(128) };
const quarantineId = { quarantine_id: z.string().min(1).max(128) };

const AlertSummary = z.object({
  /** Active (OPEN or ACK) alerts per service and severity; cells without any are absent. */
  cells: z.array(
    z.object({
      service: z.string(),
      severity: z.enum(SEVERITIES),
      open: z.number().int(),
      acknowledged: z.number().int(),
    }),
  ),
  /** Active alerts by state; RESOLVED is not counted here. */
  open: z.number().int(),
  acknowledged: z.number().int(),
  /** True when there are more active alerts than were counted. */
  truncated: z.boolean(),
});

/** Input that could not be read. `raw_base64` only in `quarantine.get`. */
const QuarantineItem = z.object({
  quarantine_id: z.string(),
  reason: z.string(),
  detail: z.string(),
  origin: z.enum(['kinesis', 'api']),
  state: z.enum(['HELD', 'REPLAYED']),
  count: z.number().int(),
  first_seen: z.string(),
  last_seen: z.string(),
  size_bytes: z.number().int(),
  raw_base64: z.string().optional(),
  replayed_by: z.string().optional(),
  replayed_at: z.string().optional(),
});
export type QuarantineItem = z.infer<typeof QuarantineItem>;

/** Every event of the request stands in exactly one list, by its index. All failed → 400, some → 207. */
const IngestResult = z.object({
  accepted: z.array(
    z.object({ index: z.number().int(), event_id: z.string(), sequence_number: z.string() }),
  ),
  failed: z.array(
    z.object({
      index: z.number().int(),
      reason: z.string(),
      detail: z.string(),
      event_id: z.string().optional(),
    }),
  ),
});

/** THE schemas of the route table, by operation. */
const ROUTE_SCHEMAS = {
  'events.ingest': {
    params: none,
    query: none,
    body: none,
    raw: true,
    status: 202,
    result: IngestResult,
  },
  'alerts.list': {
    params: none,
    query: { ...AlertQuery.shape, ...page },
    body: none,
    result: pageOf(AlertLine),
  },
  'alerts.summary': { params: none, query: none, body: none, result: AlertSummary },
  'alerts.ackAll': {
    params: none,
    query: none,
    body: { ...AlertQuery.shape, ...reason },
    result: z.object({
      acknowledged: z.number().int(),
      /** Alerts that somebody else acknowledged or resolved meanwhile. */
      skipped: z.number().int(),
      /** Alerts the store did not take now; call again. */
      failed: z.number().int(),
      /** Open alerts that the filter selects beyond this call; call again. */
      remaining: z.number().int(),
    }),
  },
  'alerts.get': { params: alertId, query: none, body: none, result: Alert },
  'alerts.deliveries': {
    params: alertId,
    query: none,
    body: none,
    result: z.object({ items: z.array(Delivery) }),
  },
  'alerts.ack': { params: alertId, query: none, body: { ...ifVersion, ...reason }, result: Alert },
  'alerts.unack': {
    params: alertId,
    query: none,
    body: { ...ifVersion, ...reason },
    result: Alert,
  },
  'alerts.resolve': {
    params: alertId,
    query: none,
    body: { ...ifVersion, ...reason },
    result: Alert,
  },
  'alerts.assign': {
    params: alertId,
    query: none,
    body: {
      /** Null takes the assignment away. */
      assigned_to: z.string().min(1).max(256).nullable(),
      ...ifVersion,
      ...reason,
    },
    result: Alert,
  },
  ...BACKTEST_ROUTE_SCHEMAS,
  ...CHANNEL_ROUTE_SCHEMAS,
  ...EXPLAIN_ROUTE_SCHEMAS,
  ...LOOKUP_ROUTE_SCHEMAS,
  ...RULE_ROUTE_SCHEMAS,
  ...SCHEDULE_ROUTE_SCHEMAS,
  ...SERVICE_ROUTE_SCHEMAS,
  ...SUPPRESSION_ROUTE_SCHEMAS,
  ...INCIDENT_ROUTE_SCHEMAS,
  ...ESCALATION_ROUTE_SCHEMAS,
  'quarantine.list': { params: none, query: page, body: none, result: pageOf(QuarantineItem) },
  'quarantine.get': { params: quarantineId, query: none, body: none, result: QuarantineItem },
  'quarantine.replay': {
    params: quarantineId,
    query: none,
    body: none,
    status: 202,
    result: QuarantineItem,
  },
  'live.ticket': {
    params: none,
    query: none,
    body: none,
    status: 201,
    result: z.object({ ticket: z.string(), expires_at: z.string() }),
  },
  'me.get': {
    params: none,
    query: none,
    body: none,
    result: z.object({
      tenant: z.string(),
      actor: z.string(),
      roles: z.array(z.string()),
      scopes: z.array(z.string()),
      /** RFC 3339. */
      expires_at: z.string(),
    }),
  },
  'health.get': {
    params: none,
    query: none,
    body: none,
    result: z.object({ status: z.literal('ok'), time: z.string() }),
  },
  'openapi.get': { params: none, query: none, body: none, result: z.looseObject({}) },
  'asyncapi.get': { params: none, query: none, body: none, result: z.looseObject({}) },
} as const satisfies Record<Operation, RouteSchema>;
type Schemas = typeof ROUTE_SCHEMAS;

/** What a caller sends: path, query and body fields in one object. */
export type OperationParams<O extends Operation> = Sent<Schemas[O]['params']> &
  Sent<Schemas[O]['query']> &
  Sent<Schemas[O]['body']>;
/** An object schema without fields would forbid those of its neighbours. */
type Sent<Shape extends z.ZodRawShape> = keyof Shape extends never
  ? unknown
  : z.input<z.ZodObject<Shape>>;
/** What a handler gets: the same, checked, defaults filled in. */
export type OperationInput<O extends Operation> = z.output<z.ZodObject<Schemas[O]['params']>> &
  z.output<z.ZodObject<Schemas[O]['query']>> &
  z.output<z.ZodObject<Schemas[O]['body']>>;
export type OperationResult<O extends Operation> = z.output<Schemas[O]['result']>;

export interface Route extends RouteAccess, RouteSchema {
  operation: Operation;
  /** All fields together; unknown ones are refused. */
  input: z.ZodType<Record<string, unknown>>;
}

/** THE route table, whole. */
export const ROUTES: readonly Route[] = ROUTE_ACCESS.map((access) => {
  const schema: RouteSchema = ROUTE_SCHEMAS[access.operation];
  return {
    ...access,
    ...schema,
    input: z.strictObject({ ...schema.params, ...schema.query, ...schema.body }),
  };
});

const BY_OPERATION = new Map<string, Route>(ROUTES.map((route) => [route.operation, route]));

/** The route of an operation, or undefined for a name that is none. */
export function routeOf(operation: string): Route | undefined {
  return BY_OPERATION.get(operation);
}
