import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { requestTime } from '#infra/local/http-api/event.ts';
import { localArn } from '#infra/local/service.ts';

const STAGE = 'live';

/** What API Gateway remembers of a connection and repeats in every event of it. */
export interface ConnectionFacts {
  connectionId: string;
  /** Milliseconds since the epoch on the local clock. */
  connectedAt: number;
  sourceIp: string;
  userAgent: string;
  domainName: string;
}

/** The handshake request, as `$connect` and its authorizer see it. */
export interface Handshake {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
}

type RouteKey = '$connect' | '$default' | '$disconnect';
const EVENT_TYPES = {
  $connect: 'CONNECT',
  $default: 'MESSAGE',
  $disconnect: 'DISCONNECT',
} as const;

function requestContext(facts: ConnectionFacts, routeKey: RouteKey, now: number) {
  const id = randomUUID();
  return {
    routeKey,
    eventType: EVENT_TYPES[routeKey],
    messageDirection: 'IN',
    stage: STAGE,
    apiId: 'local',
    domainName: facts.domainName,
    connectionId: facts.connectionId,
    connectedAt: facts.connectedAt,
    requestId: id,
    extendedRequestId: id,
    requestTime: requestTime(now),
    requestTimeEpoch: now,
    identity: { sourceIp: facts.sourceIp, userAgent: facts.userAgent },
  };
}

function handshakeFields(handshake: Handshake) {
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(handshake.headers)) {
    if (value === undefined) continue;
    const values = Array.isArray(value) ? value : [value];
    headers[name] = values.at(-1)!;
    multiValueHeaders[name] = values;
  }
  const names = [...new Set(handshake.query.keys())];
  return {
    headers,
    multiValueHeaders,
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(handshake.query),
      multiValueQueryStringParameters: Object.fromEntries(
        names.map((name) => [name, handshake.query.getAll(name)]),
      ),
    }),
  };
}

/** What the authorizer may be asked to allow. */
export function methodArn(): string {
  return localArn('execute-api', `local/${STAGE}/$connect`);
}

/** Input of a REQUEST authorizer (developer guide, "Create a Lambda REQUEST authorizer function"). */
export function authorizerEvent(facts: ConnectionFacts, handshake: Handshake, now: number) {
  return {
    type: 'REQUEST',
    methodArn: methodArn(),
    ...handshakeFields(handshake),
    stageVariables: {},
    requestContext: requestContext(facts, '$connect', now),
  };
}

/** Values of an authorizer's context are strings, numbers or booleans; they arrive as strings. */
export type AuthorizerContext = Record<string, string>;

/** The proxy event of `$connect`. */
export function connectEvent(
  facts: ConnectionFacts,
  handshake: Handshake,
  authorizer: AuthorizerContext,
  now: number,
) {
  return {
    ...handshakeFields(handshake),
    requestContext: { ...requestContext(facts, '$connect', now), authorizer },
    isBase64Encoded: false,
  };
}

/** The proxy event of a message: text as it is, binary in base64. */
export function messageEvent(
  facts: ConnectionFacts,
  authorizer: AuthorizerContext,
  message: { text: string } | { binary: Buffer },
  now: number,
) {
  const context = requestContext(facts, '$default', now);
  return {
    requestContext: { ...context, authorizer, messageId: context.requestId },
    body: 'text' in message ? message.text : message.binary.toString('base64'),
    isBase64Encoded: 'binary' in message,
  };
}

/** The proxy event of `$disconnect`, best effort on AWS too. */
export function disconnectEvent(
  facts: ConnectionFacts,
  authorizer: AuthorizerContext,
  close: { code: number; reason: string },
  now: number,
) {
  return {
    headers: { Host: facts.domainName },
    multiValueHeaders: { Host: [facts.domainName] },
    requestContext: {
      ...requestContext(facts, '$disconnect', now),
      authorizer,
      disconnectStatusCode: close.code,
      disconnectReason: close.reason,
    },
    isBase64Encoded: false,
  };
}
