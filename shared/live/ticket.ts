import { createHash } from 'node:crypto';

import type { Context } from '#shared/kernel/context.ts';
import type { LivePrincipal, LiveStore } from '#shared/ports/live-store.ts';

const TICKET_SECONDS = 30;

/** Both the form and the bound: 43 characters of base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/;

/**
 * A ticket that opens one connection within 30 seconds: 244 random bits, stored only as a hash, so
 * that neither the table nor a log of it opens anything. `expires_at` in RFC 3339.
 */
export async function issueTicket(
  context: Context,
  tokenExpiresAt: number,
  store: LiveStore,
): Promise<{ ticket: string; expires_at: string }> {
  const ticket = createHash('sha256')
    .update(context.newId())
    .update(context.newId())
    .digest('base64url');
  const expiresAt = context.now() + TICKET_SECONDS * 1000;
  await store.putTicket(hashOf(ticket), {
    tenant: context.tenant,
    actor: context.actor,
    scopes: [...context.scopes],
    token_expires_at: tokenExpiresAt,
    expires_at: expiresAt,
  });
  return { ticket, expires_at: new Date(expiresAt).toISOString() };
}

export type Admission =
  | { kind: 'admitted'; principal: LivePrincipal }
  | { kind: 'refused'; reason: 'malformed' | 'unknown' | 'expired' | 'origin' };

/**
 * Uses the ticket up and says whether it opens a connection. A wrong Origin is refused before the
 * ticket is touched; scripts send none. `allowedOrigins` are exact, e.g. `https://d1.cloudfront.net`.
 */
export async function admit(
  ticket: string | undefined,
  origin: string | undefined,
  allowedOrigins: readonly string[],
  now: number,
  store: LiveStore,
): Promise<Admission> {
  if (ticket === undefined || !FORM.test(ticket)) return { kind: 'refused', reason: 'malformed' };
  if (origin !== undefined && !allowedOrigins.includes(origin))
    return { kind: 'refused', reason: 'origin' };
  const taken = await store.takeTicket(hashOf(ticket));
  if (!taken) return { kind: 'refused', reason: 'unknown' };
  if (taken.expires_at <= now || taken.token_expires_at <= now)
    return { kind: 'refused', reason: 'expired' };
  const { expires_at: _expiresAt, ...principal } = taken;
  return { kind: 'admitted', principal };
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
