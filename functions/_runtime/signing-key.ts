import { SentryError } from '#shared/kernel/error.ts';

import { readEnvironment } from './environment.ts';
import { secrets } from './secret.ts';

/** The key that signs tenants and cursors. Throws `unavailable` while it cannot be read. */
export async function signingKey(): Promise<string> {
  const secret = await secrets().get(readEnvironment().SENTRY_SIGNING_KEY_PARAMETER);
  if (!secret) throw new SentryError('unavailable', 'The signing key is not there yet.');
  return secret.value;
}
