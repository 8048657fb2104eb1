import { ROUTE_ACCESS } from '#shared/api/route-access.ts';

import type { LiveClient } from '#dashboard/live/client.ts';

import type { Call } from './http.ts';
import { ApiError } from './problem.ts';

const LIVE_OPERATIONS = new Set<string>(
  ROUTE_ACCESS.filter(({ live }) => live).map(({ operation }) => operation),
);
/** Not the same when done twice, so it goes by HTTP with its Idempotency-Key. */
const ONLY_HTTP = new Set<string>(['quarantine.replay']);
/** What HTTP may answer although the socket did not. */
const TRY_HTTP = new Set(['closed', 'timeout', 'too_large']);

/** Operations over the socket while it is open, else over HTTP. What goes over the socket may run twice. */
export function createCall(http: Call, live: Pick<LiveClient, 'call'>): Call {
  return async (operation, params) => {
    if (!LIVE_OPERATIONS.has(operation) || ONLY_HTTP.has(operation)) return http(operation, params);
    try {
      return (await live.call(operation, params as object)) as never;
    } catch (error) {
      if (error instanceof ApiError && TRY_HTTP.has(error.code)) return http(operation, params);
      throw error;
    }
  };
}
