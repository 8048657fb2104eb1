import { SentryError } from '#shared/kernel/error.ts';
import { findChannel } from '#shared/notification/find-channel.ts';
import { openHook } from '#shared/notification/inbound/hook-address.ts';
import { isSignedByPagerDuty } from '#shared/notification/inbound/pagerduty-signature.ts';

import type { Caller } from './caller.ts';
import type { ApiPorts } from './ports.ts';

/** A request whose caller proves itself by signing the body. */
export interface SignedRequest {
  /** The last segment of the path. */
  hook: string | undefined;
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** Larger bodies are not even looked at, bytes. */
const BODY_BYTES_MAX = 256 * 1024;

/**
 * The caller of a PagerDuty webhook: the tenant that the address was made for, if the body is signed
 * with the secret of that tenant's channel. All it may do is change alerts. Throws `too_large`, and
 * `unauthenticated` in the same words for every other fault, so that nobody can ask what exists.
 */
export async function signedCaller(request: SignedRequest, ports: ApiPorts): Promise<Caller> {
  const { hook: sealed = '', headers, body } = request;
  if (body.length > BODY_BYTES_MAX)
    throw new SentryError('too_large', `The body may have at most ${BODY_BYTES_MAX} bytes.`);
  const hook = openHook(await ports.signingKey(), sealed);
  const signature = headers['x-pagerduty-signature'];
  if (hook === undefined || signature === undefined) throw refusal();
  const channel = await findChannel(ports.channels, hook.tenant, hook.channel_id);
  if (channel?.channel !== 'pagerduty' || !channel.enabled) throw refusal();
  const secret = await ports.hookSecret(hook);
  if (secret === undefined || !isSignedByPagerDuty(signature, secret, body)) throw refusal();
  return {
    tenant: hook.tenant,
    actor: 'pagerduty',
    roles: [],
    scopes: new Set(['sentry.alert.write']),
    token_expires_at: 0,
  };
}

function refusal(): SentryError {
  return new SentryError('unauthenticated', 'The signature does not fit.');
}
