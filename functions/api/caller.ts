import { ROLES, SCOPES, type Role, type Scope, scopesOf } from '#shared/access/scope.ts';
import { SentryError } from '#shared/kernel/error.ts';

/** Who the access token says the caller is. */
export interface Caller {
  tenant: string;
  actor: string;
  roles: readonly Role[];
  scopes: ReadonlySet<Scope>;
  /** Milliseconds since the epoch. */
  token_expires_at: number;
}

const TENANT_GROUP = /^tenant-([a-z0-9][a-z0-9-]{0,63})$/;
/** OAuth scopes of a client's own token: `<resource server>/<scope or tenant group>`. */
const CLIENT_SCOPE = /^(?:[^/\s]+\/)?(\S+)$/;

/**
 * Reads the claims that API Gateway's JWT authorizer has verified; it passes every claim as text, a
 * list as `[a b]`. Roles and tenant come from the groups; a client's own token (no `username`) may name
 * them as OAuth scopes instead. Throws `unauthenticated` for anything but an access token, and
 * `forbidden` when the groups name several tenants.
 */
export function callerOf(claims: Readonly<Record<string, unknown>>, defaultTenant: string): Caller {
  if (claims['token_use'] !== 'access')
    throw new SentryError('unauthenticated', 'Only access tokens are accepted here.');
  const username = textOf(claims['username']);
  const clientId = textOf(claims['client_id']);
  const expiresAt = Number(claims['exp']) * 1000;
  if ((username ?? clientId) === undefined || !Number.isFinite(expiresAt))
    throw new SentryError('unauthenticated', 'The access token names nobody, or never expires.');
  const groups = listOf(claims['cognito:groups']);
  const granted =
    username === undefined
      ? listOf(claims['scope']).map((scope) => CLIENT_SCOPE.exec(scope)?.[1] ?? scope)
      : [];
  const scopes = new Set(scopesOf(groups));
  for (const scope of SCOPES) if (granted.includes(scope)) scopes.add(scope);
  return {
    tenant: tenantOf([...groups, ...granted], defaultTenant),
    actor: username === undefined ? `client:${clientId}` : `user:${username}`,
    roles: groups.filter((group): group is Role => Object.hasOwn(ROLES, group)),
    scopes,
    token_expires_at: expiresAt,
  };
}

function tenantOf(groups: readonly string[], defaultTenant: string): string {
  const named = new Set(groups.flatMap((group) => TENANT_GROUP.exec(group)?.[1] ?? []));
  if (named.size > 1)
    throw new SentryError('forbidden', 'Your groups name more than one tenant; keep one.');
  const [tenant = defaultTenant] = named;
  return tenant;
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

function listOf(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.map(String);
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[(.*)\]$/s, '$1')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}
