import { SentryError } from '#shared/kernel/error.ts';
import { findChannel } from '#shared/notification/find-channel.ts';
import { openHook } from '#shared/notification/inbound/hook-address.ts';
import { isSignedByPagerDuty } from '#shared/notification/inbound/pagerduty-signature.ts';
import { isSignedBySlack } from '#shared/notification/inbound/slack-signature.ts';

import type { Caller } from './caller.ts';
import type { ApiPorts } from './ports.ts';

/** A request whose caller proves itself by signing the body. */
export interface SignedRequest {
  receiver: 'pagerduty' | 'slack';
  /** Milliseconds since the epoch. */
  now: number;
  /** The last segment of the path. */
  hook: string | undefined;
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

/** Larger bodies are not even looked at, bytes. */
const BODY_BYTES_MAX = 256 * 1024;

/**
 * The caller of a receiver's webhook: the tenant that the address was made for, if the body is signed
 * with the secret of that tenant's channel, and Slack's channel takes buttons. All it may do is change alerts. Throws `too_large`, and
 * `unauthenticated` in the same words for every other fault, so that nobody can ask what exists.
 */
export async function signedCaller(request: SignedRequest, ports: ApiPorts): Promise<Caller> {
  const { receiver, hook: sealed = '', body } = request;
  if (body.length > BODY_BYTES_MAX)
    throw new SentryError('too_large', `The body may have at most ${BODY_BYTES_MAX} bytes.`);
  const hook = openHook(await ports.signingKey(), sealed);
  if (hook === undefined || signatureOf(request) === undefined) throw refusal();
  const channel = await findChannel(ports.channels, hook.tenant, hook.channel_id);
  if (channel?.channel !== receiver || !channel.enabled) throw refusal();
  if (receiver === 'slack' && channel.interactive !== true) throw refusal();
  const secret = await ports.hookSecret(hook);
  if (secret === undefined || !isSigned(request, secret)) throw refusal();
  return {
    tenant: hook.tenant,
    actor: receiver,
    roles: [],
    scopes: new Set(['sentry.alert.write']),
    token_expires_at: 0,
  };
}

function signatureOf({ receiver, headers }: SignedRequest): string | undefined {
  return headers[receiver === 'slack' ? 'x-slack-signature' : 'x-pagerduty-signature'];
}

function isSigned(request: SignedRequest, secret: string): boolean {
  const { receiver, headers, body, now } = request;
  const signature = signatureOf(request);
  if (receiver === 'pagerduty') return isSignedByPagerDuty(signature, secret, body);
  const timestamp = headers['x-slack-request-timestamp'];
  return isSignedBySlack({ signature, timestamp }, secret, body, now);
}

function refusal(): SentryError {
  return new SentryError('unauthenticated', 'The signature does not fit.');
}
