import { ROUTE_ACCESS, type HttpMethod, type Operation, type RouteAccess } from './route-access.ts';

export type RouteMatch =
  | {
      kind: 'found';
      operation: Operation;
      access: RouteAccess['access'];
      params: Record<string, string>;
    }
  | { kind: 'wrong_method'; allowed: HttpMethod[] }
  | { kind: 'unknown' };

interface Compiled {
  route: (typeof ROUTE_ACCESS)[number];
  parts: readonly string[];
}

const COMPILED: readonly Compiled[] = ROUTE_ACCESS.map((route) => ({
  route,
  parts: route.path.split('/'),
})).sort((a, b) => firstFixed(b.parts).localeCompare(firstFixed(a.parts)));

/** Segments as letters, fixed ones sorting above parameters: `/v1/alerts/summary` beats `/v1/alerts/{id}`. */
function firstFixed(parts: readonly string[]): string {
  return parts.map((part) => (part.startsWith('{') ? '0' : '1')).join('');
}

/**
 * Finds the operation of a request. `path` is as in the request line, without query; parameters come
 * out decoded. A path that exists with other methods only says which.
 */
export function matchRoute(method: string, path: string): RouteMatch {
  const segments = path.split('/');
  const allowed: HttpMethod[] = [];
  for (const { route, parts } of COMPILED) {
    const params = matchParts(parts, segments);
    if (!params) continue;
    if (route.method === method)
      return { kind: 'found', operation: route.operation, access: route.access, params };
    if (!allowed.includes(route.method)) allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: 'wrong_method', allowed } : { kind: 'unknown' };
}

function matchParts(
  parts: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const segment = segments[at]!;
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
      continue;
    }
    const value = decode(segment);
    if (!value) return undefined;
    params[part.slice(1, -1)] = value;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
