import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import { requireScope } from '#shared/access/scope.ts';
import { problemOf } from '#shared/api/problem.ts';
import type { Access, Operation } from '#shared/api/route-access.ts';
import { matchRoute } from '#shared/api/router.ts';
import { routeOf, type Route } from '#shared/api/routes.ts';
import type { Clock, Context, Stopwatch } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';

import { callerOf, type Caller } from './caller.ts';
import { answerOnce, type Answer } from './idempotency.ts';
import type { Call, Handler } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import type { ApiPorts } from './ports.ts';
import { readInput } from './read-input.ts';
import { signedCaller } from './signed-caller.ts';

/** What the function needs from outside. */
export interface ServePorts extends Clock {
  api: ApiPorts;
  idempotency: IdempotencyStore;
  newId(): string;
  stopwatch: Stopwatch;
  defaultTenant: string;
  /** Told of every fault of ours, with what its caller was told. */
  warn(what: string, detail: Record<string, unknown>): void;
}

/** Headers of every answer: nothing is cached, sniffed, framed or executed. */
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
const CORRELATION_ID = /^[\w.:-]{1,64}$/;
/** Its answer is a secret: it is never kept. */
const NEVER_KEPT: readonly Operation[] = ['live.ticket'];

/** One HTTP request → one operation. Never throws: what goes wrong is a problem document. */
export async function serve(
  event: APIGatewayProxyEventV2,
  ports: ServePorts,
): Promise<APIGatewayProxyStructuredResultV2> {
  const given = event.headers['x-correlation-id'];
  const correlationId =
    given !== undefined && CORRELATION_ID.test(given) ? given : event.requestContext.requestId;
  const headers: Record<string, string> = { ...SAFE_HEADERS, 'x-correlation-id': correlationId };
  try {
    const answer = await answerOf(event, correlationId, headers, ports);
    headers['content-type'] = answer.media_type ?? 'application/json';
    if (answer.version !== undefined) headers['etag'] = `"${answer.version}"`;
    return { statusCode: answer.status, headers, body: answer.body };
  } catch (error) {
    const problem = problemOf(error, correlationId);
    if (problem.status >= 500)
      ports.warn('request failed', { path: event.rawPath, correlationId, error });
    headers['content-type'] = 'application/problem+json';
    if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
    if (problem.status === 503) headers['retry-after'] = '1';
    return { statusCode: problem.status, headers, body: JSON.stringify(problem) };
  }
}

async function answerOf(
  event: APIGatewayProxyEventV2,
  correlationId: string,
  headers: Record<string, string>,
  ports: ServePorts,
): Promise<Answer> {
  const { method, sourceIp } = event.requestContext.http;
  const match = matchRoute(method, event.rawPath);
  if (match.kind === 'unknown') throw new SentryError('not_found', 'There is no such path.');
  if (match.kind === 'wrong_method') {
    headers['allow'] = match.allowed.join(', ');
    throw new SentryError('method_not_allowed', `Use ${headers['allow']} here.`);
  }
  const route = routeOf(match.operation)!;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const caller =
    match.access === 'signed'
      ? await signedCaller(
          {
            receiver: match.operation === 'webhooks.slack' ? 'slack' : 'pagerduty',
            now: ports.now(),
            hook: match.params['hook'],
            headers: event.headers,
            body,
          },
          ports.api,
        )
      : admitted(event, match.access, ports.defaultTenant);
  const context: Context = {
    tenant: caller.tenant,
    actor: caller.actor,
    scopes: caller.scopes,
    now: () => ports.now(),
    newId: () => ports.newId(),
    stopwatch: ports.stopwatch,
    correlation_id: correlationId,
    ip_address: sourceIp,
  };
  const input = readInput(route, {
    params: match.params,
    query: new URLSearchParams(event.rawQueryString),
    body,
    content_type: event.headers['content-type'],
    if_match: event.headers['if-match'],
  });
  const call: Call = {
    context,
    roles: caller.roles,
    tokenExpiresAt: caller.token_expires_at,
    body,
    contentType: event.headers['content-type'],
    idempotencyKey: event.headers['idempotency-key'],
    ports: ports.api,
  };
  const run = () => runOperation(route, input, call);
  const key = event.headers['idempotency-key'];
  if (key === undefined || method === 'GET' || isNeverKept(route)) return run();
  const request = { operation: route.operation, input, body: route.raw ? body : Buffer.alloc(0) };
  return answerOnce(key, request, context, ports.idempotency, run);
}

/** Secrets, and what its caller's own event ids keep apart. */
function isNeverKept({ operation, access }: Route): boolean {
  return NEVER_KEPT.includes(operation) || access === 'signed';
}

const NOBODY: Caller = {
  tenant: 'public',
  actor: 'anonymous',
  roles: [],
  scopes: new Set(),
  token_expires_at: 0,
};

/** The caller, if the route's row lets them in. Throws `unauthenticated` and `forbidden`. */
function admitted(
  event: APIGatewayProxyEventV2,
  access: Exclude<Access, 'signed'>,
  defaultTenant: string,
): Caller {
  if (access === 'public') return NOBODY;
  const { authorizer } = event.requestContext as {
    authorizer?: { jwt?: { claims?: Record<string, unknown> } };
  };
  const claims = authorizer?.jwt?.claims;
  if (!claims) throw new SentryError('unauthenticated', 'Send an access token.');
  const caller = callerOf(claims, defaultTenant);
  if (access !== 'signed_in') requireScope(caller, access);
  return caller;
}

async function runOperation(
  route: Route,
  input: Record<string, unknown>,
  call: Call,
): Promise<Answer> {
  const handler = OPERATIONS[route.operation] as unknown as Handler<Operation>;
  const result: unknown = await handler(input as never, call);
  const version = (result as { version?: unknown }).version;
  return {
    status: statusOf(route, result),
    ...(route.media_type === undefined
      ? { body: JSON.stringify(result) }
      : { body: String(result), media_type: `${route.media_type}; charset=utf-8` }),
    ...(typeof version === 'number' && { version }),
  };
}

/** 202 when every event was taken, 207 when some were, 400 when none was. */
function statusOf(route: Route, result: unknown): number {
  if (route.operation !== 'events.ingest') return route.status ?? 200;
  const { accepted, failed } = result as { accepted: unknown[]; failed: { event_id?: string }[] };
  if (failed.length === 0) return 202;
  if (accepted.length > 0) return 207;
  return failed.some(({ event_id }) => event_id !== undefined) ? 503 : 400;
}
