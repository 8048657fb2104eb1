import { createHmac, timingSafeEqual } from 'node:crypto';

import { SentryError } from '#shared/kernel/error.ts';

/** What a cursor is good for: the same caller's tenant, the same operation, the same filter. */
export interface CursorBinding {
  tenant: string;
  operation: string;
  /** The checked input; `cursor` and `limit` do not count. */
  input: Readonly<Record<string, unknown>>;
}

/** A store's cursor as a caller may hold it: `<base64url>.<mac>`. */
export function sealCursor(signingKey: string, binding: CursorBinding, cursor: string): string {
  const text = Buffer.from(cursor).toString('base64url');
  return `${text}.${mac(signingKey, binding, text)}`;
}

/** The store's cursor again. Throws `invalid_input` for one that was not made for this list. */
export function openCursor(signingKey: string, binding: CursorBinding, sealed: string): string {
  const dot = sealed.indexOf('.');
  const text = sealed.slice(0, dot);
  const given = Buffer.from(sealed.slice(dot + 1));
  const right = Buffer.from(mac(signingKey, binding, text));
  if (dot < 1 || given.length !== right.length || !timingSafeEqual(given, right))
    throw new SentryError('invalid_input', 'The cursor does not belong to this list.', {
      issues: [{ path: 'cursor', message: 'Begin again without a cursor.' }],
    });
  return Buffer.from(text, 'base64url').toString();
}

function mac(signingKey: string, { tenant, operation, input }: CursorBinding, text: string) {
  const filter = Object.entries(input)
    .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', signingKey)
    .update(JSON.stringify(['cursor', tenant, operation, filter, text]))
    .digest('base64url')
    .slice(0, 32);
}
