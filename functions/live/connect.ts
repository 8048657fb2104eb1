import { SCOPES } from '#shared/access/scope.ts';
import type { LivePrincipal, LiveStore } from '#shared/ports/live-store.ts';

/** API Gateway ends a connection after 2 hours; the row outlives it by 10 minutes. */
const ROW_MS = 130 * 60_000;
const TENANT = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Who the authorizer admitted, read from its context; every value comes as text. Undefined when it is
 * not whole: `$connect` trusts nothing but this, so a route without its authorizer lets nobody in.
 */
function principalOf(authorizer: unknown): LivePrincipal | undefined {
  if (typeof authorizer !== 'object' || authorizer === null) return undefined;
  const { tenant, actor, scopes, exp } = authorizer as Record<string, unknown>;
  const expiresAt = typeof exp === 'string' || typeof exp === 'number' ? Number(exp) : Number.NaN;
  if (typeof tenant !== 'string' || !TENANT.test(tenant)) return undefined;
  if (typeof actor !== 'string' || actor === '' || typeof scopes !== 'string') return undefined;
  if (!Number.isFinite(expiresAt)) return undefined;
  const named = new Set(scopes.split(' '));
  return {
    tenant,
    actor,
    scopes: SCOPES.filter((scope) => named.has(scope)),
    token_expires_at: expiresAt,
  };
}

/** `$connect`: keeps the connection's row; 403 without a principal or with an expired token. */
export async function connect(
  connectionId: string,
  authorizer: unknown,
  now: number,
  store: LiveStore,
): Promise<{ statusCode: number }> {
  const principal = principalOf(authorizer);
  if (!principal || principal.token_expires_at <= now) return { statusCode: 403 };
  await store.putConnection({
    ...principal,
    connection_id: connectionId,
    connected_at: now,
    expires_at: now + ROW_MS,
    subscriptions: [],
  });
  return { statusCode: 200 };
}
