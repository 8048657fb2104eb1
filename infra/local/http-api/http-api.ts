import { ROUTE_ACCESS } from '#shared/api/route-access.ts';
import { jsonResponse, type WebRequest, type WebResponse } from '#infra/local/gateway/exchange.ts';
import { authorizeJwt, type JwtAuthorizerOptions } from '#infra/local/http-api/authorizer.ts';
import { proxyEvent, proxyResponse } from '#infra/local/http-api/event.ts';
import { compileRoutes } from '#infra/local/http-api/route.ts';
import { InvocationError, type Invoker } from '#infra/local/service.ts';

/** Quotas for HTTP APIs, not adjustable. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;
/** Lambda quota: a synchronous invocation's payload, and its answer. */
const INVOCATION_BYTES_MAX = 6 * 1024 * 1024;

export interface HttpApiOptions {
  invoker: Invoker;
  authorizer: JwtAuthorizerOptions;
}

/**
 * API Gateway's HTTP API in front of the function `api`. Routes and the need for a JWT come from the
 * route table; refusals have AWS's bodies: 401 Unauthorized, 404 Not Found, 413, 500, 503. No CORS: the
 * dashboard is on the same origin, as behind CloudFront.
 */
export function createHttpApi(options: HttpApiOptions): {
  handle(request: WebRequest): Promise<WebResponse>;
} {
  const routes = compileRoutes(ROUTE_ACCESS);

  async function answer(request: WebRequest): Promise<WebResponse> {
    const route = routes.match(request.method, request.rawPath);
    if (route === undefined) return jsonResponse(404, { message: 'Not Found' });
    if (request.body.length > BODY_BYTES_MAX)
      return jsonResponse(413, { message: 'Request Entity Too Large' });
    const needsJwt = route.access !== 'public' && route.access !== 'signed';
    const allowed = needsJwt
      ? await authorizeJwt(request.headers.authorization, options.authorizer)
      : undefined;
    if (allowed?.kind === 'refused')
      return jsonResponse(
        401,
        { message: 'Unauthorized' },
        { 'www-authenticate': allowed.challenge },
      );
    const event = proxyEvent(request, route, allowed?.claims, options.authorizer.now());
    if (Buffer.byteLength(event.body ?? '') > INVOCATION_BYTES_MAX)
      return jsonResponse(413, { message: 'Request Entity Too Large' });
    return integrate(event);
  }

  async function integrate(event: unknown): Promise<WebResponse> {
    const timeout = Promise.withResolvers<'timeout'>();
    const timer = setTimeout(() => timeout.resolve('timeout'), INTEGRATION_TIMEOUT_MS);
    try {
      const result = await Promise.race([options.invoker.invoke('api', event), timeout.promise]);
      if (result === 'timeout') return jsonResponse(503, { message: 'Service Unavailable' });
      const response = proxyResponse(result);
      if (response !== undefined && Buffer.byteLength(response.body) <= INVOCATION_BYTES_MAX)
        return response;
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
    } finally {
      clearTimeout(timer);
    }
    return jsonResponse(500, { message: 'Internal Server Error' });
  }

  return { handle: answer };
}
