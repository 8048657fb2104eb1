import type { Access, RouteAccess } from '#shared/api/route-access.ts';

export interface MatchedRoute {
  /** `GET /v1/alerts/{alert_id}`, as API Gateway names a route. */
  routeKey: string;
  access: Access;
  pathParameters: Record<string, string>;
}

export interface RouteMatcher {
  match(method: string, rawPath: string): MatchedRoute | undefined;
}

/**
 * Finds the route of a request as API Gateway does: one segment per `{name}`, and the most specific
 * route wins (developer guide, "Create routes for HTTP APIs"). Parameters come out percent-decoded.
 */
export function compileRoutes(table: readonly RouteAccess[]): RouteMatcher {
  const routes = table
    .map((route) => ({ route, parts: route.path.split('/') }))
    .sort((a, b) => specificity(b.parts).localeCompare(specificity(a.parts)));
  return {
    match(method, rawPath) {
      const segments = rawPath.split('/');
      for (const { route, parts } of routes) {
        if (route.method !== method || parts.length !== segments.length) continue;
        const pathParameters = matchParts(parts, segments);
        if (pathParameters)
          return {
            routeKey: `${route.method} ${route.path}`,
            access: route.access,
            pathParameters,
          };
      }
      return undefined;
    },
  };
}

/** One letter a segment: a fixed one sorts above a parameter. */
function specificity(parts: readonly string[]): string {
  return parts.map((part) => (part.startsWith('{') ? 'a' : 'b')).join('');
}

function matchParts(
  parts: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]!;
    if (part.startsWith('{')) {
      if (segment === '') return undefined;
      parameters[part.slice(1, -1)] = decodeURIComponent(segment);
    } else if (part !== segment) return undefined;
  }
  return parameters;
}
