import type { Call, Handler } from '#functions/api/operation.ts';
import { OPERATIONS } from '#functions/api/operations.ts';
import { requireScope } from '#shared/access/scope.ts';
import { checkInput } from '#shared/api/check-input.ts';
import {
  LIVE_LIMITS,
  LIVE_PROTOCOL,
  type Heads,
  type HelloResult,
  type PingResult,
  UnsubscribeParams,
} from '#shared/api/live-protocol.ts';
import { ROUTE_ACCESS, type Operation } from '#shared/api/route-access.ts';
import { routeOf } from '#shared/api/routes.ts';
import type { Context } from '#shared/kernel/context.ts';
import { Position, RECOVERABLE_TOPICS, Subscription, TOPICS } from '#shared/live/schema.ts';
import { subscribe, type Subscribed } from '#shared/live/subscribe.ts';
import type { Connection } from '#shared/ports/live-store.ts';

import type { LiveFunctionPorts } from './ports.ts';

/** What a method came to; a subscription's items may need several messages. */
export type Outcome =
  | { kind: 'result'; result: unknown }
  | { kind: 'subscribed'; subscribed: Subscribed }
  | { kind: 'unknown_method' };

type Params = Record<string, unknown>;

const OWN_METHODS = ['hello', 'ping', 'subscribe', 'unsubscribe'];
const LIVE_OPERATIONS = ROUTE_ACCESS.filter(({ live }) => live).map(({ operation }) => operation);

/** Runs one method for a connection. Throws SentryError for what is refused. */
export async function dispatch(
  method: string,
  params: Params,
  connection: Connection,
  context: Context,
  ports: LiveFunctionPorts,
): Promise<Outcome> {
  if (method === 'hello')
    return { kind: 'result', result: await hello(connection, context, ports) };
  if (method === 'ping') return { kind: 'result', result: await ping(context, ports) };
  if (method === 'subscribe') return runSubscribe(params, connection, context, ports);
  if (method === 'unsubscribe') {
    const { topic } = checkInput(UnsubscribeParams, params);
    await ports.api.live.deleteSubscription(connection.connection_id, topic);
    return { kind: 'result', result: { topic } };
  }
  return runOperation(method, params, connection, context, ports);
}

async function hello(
  connection: Connection,
  context: Context,
  ports: LiveFunctionPorts,
): Promise<HelloResult> {
  return {
    protocol: LIVE_PROTOCOL,
    principal: {
      tenant: connection.tenant,
      actor: connection.actor,
      scopes: [...connection.scopes],
    },
    ...(await ping(context, ports)),
    expires_at: new Date(connection.token_expires_at).toISOString(),
    limits: { ...LIVE_LIMITS },
    topics: [...TOPICS],
    methods: [...OWN_METHODS, ...LIVE_OPERATIONS],
  };
}

async function ping(context: Context, ports: LiveFunctionPorts): Promise<PingResult> {
  const heads: Heads = {};
  const found = await ports.api.live.heads(context.tenant, RECOVERABLE_TOPICS);
  for (const [topic, { epoch, offset }] of found) heads[topic] = { epoch, offset };
  return { server_time: new Date(context.now()).toISOString(), heads };
}

async function runSubscribe(
  params: Params,
  connection: Connection,
  context: Context,
  ports: LiveFunctionPorts,
): Promise<Outcome> {
  const { since, ...wanted } = params;
  const subscription = checkInput(Subscription, wanted);
  const position = since === undefined ? undefined : checkInput(Position, since);
  const subscribed = await subscribe(
    connection.connection_id,
    subscription,
    position,
    context,
    ports.api,
  );
  return { kind: 'subscribed', subscribed };
}

async function runOperation(
  method: string,
  params: Params,
  connection: Connection,
  context: Context,
  ports: LiveFunctionPorts,
): Promise<Outcome> {
  const route = routeOf(method);
  if (!route?.live) return { kind: 'unknown_method' };
  const { access } = route;
  if (access !== 'public' && access !== 'signed_in' && access !== 'signed')
    requireScope(context, access);
  const input = checkInput(route.input, params);
  const call: Call = {
    context,
    roles: [],
    tokenExpiresAt: connection.token_expires_at,
    body: new Uint8Array(),
    ports: ports.api,
  };
  const handler = OPERATIONS[route.operation] as unknown as Handler<Operation>;
  return { kind: 'result', result: await handler(input as never, call) };
}
