import { createHmac, timingSafeEqual } from 'node:crypto';

/** The channel of one tenant that a receiver's webhook speaks for. */
export interface Hook {
  tenant: string;
  channel_id: string;
}

const PARTS = /^([a-z0-9][a-z0-9-]{0,63})~([\w.-]{1,64})~([\w-]{32})$/;

function mac(signingKey: string, { tenant, channel_id }: Hook): string {
  return createHmac('sha256', signingKey)
    .update(JSON.stringify(['hook', tenant, channel_id]))
    .digest('base64url')
    .slice(0, 32);
}

/**
 * The last segment of a channel's webhook address, `<tenant>~<channel>~<mac>`; undefined for a
 * channel whose id no address can hold. Only the deployment can make one, so that calls for made-up
 * tenants and channels are refused before anything is read.
 */
export function sealHook(signingKey: string, hook: Hook): string | undefined {
  const sealed = `${hook.tenant}~${hook.channel_id}~${mac(signingKey, hook)}`;
  return PARTS.test(sealed) ? sealed : undefined;
}

/** Whom an address speaks for; undefined for one that was not made here. */
export function openHook(signingKey: string, sealed: string): Hook | undefined {
  const parts = PARTS.exec(sealed);
  if (!parts) return undefined;
  const hook = { tenant: parts[1]!, channel_id: parts[2]! };
  const given = Buffer.from(parts[3]!);
  return timingSafeEqual(given, Buffer.from(mac(signingKey, hook))) ? hook : undefined;
}

/**
 * The parameter that holds what a hook's caller signs with. Its name is made of tenant and channel
 * and cannot be configured, so nobody can point their hook at another tenant's secret.
 */
export function hookParameter(prefix: string, { tenant, channel_id }: Hook): string {
  return `${prefix}${tenant}/${channel_id}`;
}
