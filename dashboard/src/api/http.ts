import { ROUTE_ACCESS, type Operation } from '#shared/api/route-access.ts';
import type { OperationParams, OperationResult } from '#shared/api/routes.ts';

import { ApiError, apiErrorOf } from './problem.ts';

/** Runs one operation of the route table. Throws ApiError. */
export type Call = <O extends Operation>(
  operation: O,
  params: OperationParams<O>,
) => Promise<OperationResult<O>>;

/** What the HTTP client needs of the session. */
export interface TokenSource {
  accessToken(): string | undefined;
  /** True when there is a new token. */
  renew(): Promise<boolean>;
}

const TIMEOUT_MS = 20_000;

/** Method, URL and body of an operation; fields named in the path go there. */
export function requestOf(
  operation: Operation,
  params: Readonly<Record<string, unknown>>,
): { method: string; path: string; body?: string } {
  const route = ROUTE_ACCESS.find((row) => row.operation === operation)!;
  const rest = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const value = String(rest.get(name));
    rest.delete(name);
    return encodeURIComponent(value);
  });
  if (route.method !== 'GET')
    return { method: route.method, path, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams();
  for (const [name, value] of rest)
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  return { method: 'GET', path: query.size > 0 ? `${path}?${query}` : path };
}

/** The API over HTTP. A 401 renews the token once; `idempotencyKey` makes a repetition harmless. */
export function createHttpCall(
  base: string,
  tokens: TokenSource,
  idempotencyKey: () => string,
): Call {
  async function send(operation: Operation, params: object, key: string, retry: boolean) {
    const { method, path, body } = requestOf(operation, params as Record<string, unknown>);
    const headers: Record<string, string> = {
      authorization: `Bearer ${tokens.accessToken() ?? ''}`,
    };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET') headers['idempotency-key'] = key;
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw new ApiError('offline', 'The server cannot be reached.');
    }
    if (response.status === 401 && retry && (await tokens.renew()))
      return send(operation, params, key, false);
    const isText = response.headers.get('content-type')?.startsWith('text/') === true;
    const value: unknown = await (isText ? response.text() : response.json()).catch(
      () => undefined,
    );
    if (response.ok) return value;
    if (response.status === 401) throw new ApiError('unauthenticated', 'Your session has expired.');
    throw apiErrorOf(value, `The server answers with status ${response.status}.`);
  }
  return (operation, params) => send(operation, params as object, idempotencyKey(), true) as never;
}
