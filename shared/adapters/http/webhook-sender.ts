import { createHmac } from 'node:crypto';

import { renderWebhook, signWebhook } from '#shared/notification/message/webhook.ts';
import type { ChannelSender } from '#shared/ports/channel-sender.ts';
import type { SecretStore } from '#shared/ports/secret-store.ts';

import { outcomeOfFailure, outcomeOfStatus } from './outcome-of.ts';
import type { PostJson } from './post-json.ts';

interface Destination {
  url: string;
  signingKey: string | undefined;
}

/** `{"url", "signing_key"}` or the URL alone; undefined when it is neither. */
function readDestination(secret: string): Destination | undefined {
  const text = secret.trim();
  if (!text.startsWith('{')) return { url: text, signingKey: undefined };
  try {
    const value = JSON.parse(text) as { url?: unknown; signing_key?: unknown };
    if (typeof value.url !== 'string') return undefined;
    const key = value.signing_key;
    return { url: value.url, signingKey: typeof key === 'string' && key !== '' ? key : undefined };
  } catch {
    return undefined;
  }
}

/**
 * Posts signed CloudEvents to any URL. Where the secret holds only the URL, the key is
 * HMAC-SHA256(deployment's signing key, `webhook:<tenant>:<channel_id>`) in hex, so that nothing goes
 * unsigned and no tenant's receiver knows another tenant's key.
 */
export function createWebhookSender(
  post: PostJson,
  secrets: SecretStore,
  now: () => number,
  signingKeyName: string,
): ChannelSender {
  async function derivedKey(tenant: string, channelId: string): Promise<string | undefined> {
    const root = await secrets.get(signingKeyName);
    return (
      root &&
      createHmac('sha256', root.value).update(`webhook:${tenant}:${channelId}`).digest('hex')
    );
  }
  return {
    async send(notice) {
      const { channel, delivery, idempotency_key } = notice;
      const name = channel.secret ?? `/sentry/channel/${channel.channel_id}`;
      const secret = await secrets.get(name);
      if (secret === undefined)
        return { kind: 'permanent', error: `the parameter ${name} does not exist` };
      const destination = readDestination(secret.value);
      if (destination === undefined)
        return {
          kind: 'permanent',
          error: `the parameter ${name} holds neither a URL nor {"url"}`,
        };
      const key = destination.signingKey ?? (await derivedKey(delivery.tenant, channel.channel_id));
      if (key === undefined)
        return { kind: 'permanent', error: `the parameter ${signingKeyName} does not exist` };
      const body = renderWebhook(notice);
      const timestamp = Math.floor(now() / 1000);
      const headers = {
        'content-type': 'application/cloudevents+json',
        'x-sentry-timestamp': String(timestamp),
        'x-sentry-signature': signWebhook(key, timestamp, body),
        'idempotency-key': idempotency_key,
      };
      const result = await post({ url: destination.url, headers, body });
      if (result.kind !== 'answered') return outcomeOfFailure(result)!;
      if (result.status < 200 || result.status > 299) return outcomeOfStatus(result, now());
      return { kind: 'delivered', receipt: `HTTP ${result.status}` };
    },
  };
}
