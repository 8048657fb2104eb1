import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { JWTPayload } from 'jose';
import type { WebRequest, WebResponse } from '#infra/local/gateway/exchange.ts';
import { stringifyClaims } from '#infra/local/http-api/authorizer.ts';
import type { MatchedRoute } from '#infra/local/http-api/route.ts';
import { LOCAL_ACCOUNT } from '#infra/local/service.ts';

const TEXT_TYPES = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** `12/Mar/2020:19:03:58 +0000`, the common log format. */
export function requestTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/**
 * The event of payload format 2.0 (developer guide, "Create AWS Lambda proxy integrations for HTTP
 * APIs"): repeated headers and parameters joined with commas, cookies apart, bodies that are not text
 * in base64.
 */
export function proxyEvent(
  request: WebRequest,
  route: MatchedRoute,
  claims: JWTPayload | undefined,
  now: number,
): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = request.headers;
  const query: Record<string, string> = {};
  for (const [name, value] of request.query)
    query[name] = Object.hasOwn(query, name) ? `${query[name]},${value}` : value;
  const isText = TEXT_TYPES.test(headers['content-type'] ?? '') && !headers['content-encoding'];
  const hasBody = request.body.length > 0;
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    headers: { ...headers, host: request.host },
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: 'local',
      domainName: request.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: requestTime(now),
      timeEpoch: now,
    },
    isBase64Encoded: hasBody && !isText,
  };
  if (cookie) event.cookies = cookie.split(/; */);
  if (request.rawQuery !== '') event.queryStringParameters = query;
  if (Object.keys(route.pathParameters).length > 0) event.pathParameters = route.pathParameters;
  if (hasBody) event.body = request.body.toString(isText ? 'utf8' : 'base64');
  if (claims !== undefined)
    Object.assign(event.requestContext, {
      authorizer: { jwt: { claims: stringifyClaims(claims), scopes: null } },
    });
  return event;
}

/**
 * The function's answer as HTTP: with `statusCode` as it says, without one the whole value as JSON
 * and 200. Undefined when it is malformed.
 */
export function proxyResponse(result: unknown): WebResponse | undefined {
  const isRecord = typeof result === 'object' && result !== null;
  if (!isRecord || !('statusCode' in result))
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: typeof result === 'string' ? result : (JSON.stringify(result) ?? ''),
    };
  const answer = result as {
    statusCode: unknown;
    headers?: Record<string, string | number | boolean>;
    cookies?: string[];
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const headers: WebResponse['headers'] = {};
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  if (answer.cookies?.length) headers['set-cookie'] = answer.cookies;
  if (answer.body !== undefined && typeof answer.body !== 'string') return undefined;
  const text = answer.body ?? '';
  if (text !== '') headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return { status, headers, body: answer.isBase64Encoded ? Buffer.from(text, 'base64') : text };
}
