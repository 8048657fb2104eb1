import type { WebRequest, WebResponse } from '#infra/local/gateway/exchange.ts';

/** The CORS configuration of the HTTP API; the CDK gives API Gateway the same one. */
export const API_CORS = {
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  headers: ['authorization', 'content-type', 'if-match', 'idempotency-key'],
  exposed: ['etag', 'location', 'retry-after'],
  maxAgeSeconds: 3_600,
} as const;

/** Headers for a caller whose origin is allowed; none otherwise. */
export function corsHeaders(
  request: WebRequest,
  origins: readonly string[],
): Record<string, string> {
  const origin = request.headers.origin;
  if (origin === undefined || !origins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': API_CORS.exposed.join(','),
    vary: 'Origin',
  };
}

/** API Gateway answers a preflight by itself, without authorizer or function; undefined for others. */
export function preflight(
  request: WebRequest,
  origins: readonly string[],
): WebResponse | undefined {
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method'])
    return undefined;
  const allowed = corsHeaders(request, origins);
  const headers: Record<string, string> = { ...allowed };
  if (allowed['access-control-allow-origin']) {
    headers['access-control-allow-methods'] = API_CORS.methods.join(',');
    headers['access-control-allow-headers'] = API_CORS.headers.join(',');
    headers['access-control-max-age'] = String(API_CORS.maxAgeSeconds);
  }
  return { status: 204, headers, body: '' };
}
