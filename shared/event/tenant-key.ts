import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const FORM = /^v1\.([a-z0-9][a-z0-9-]{0,63})\.([A-Za-z0-9_-]{1,64})\.([0-9a-f]{32})$/;

export type TenantOfKey =
  { kind: 'signed'; tenant: string } | { kind: 'unsigned' } | { kind: 'forged'; detail: string };

/**
 * The partition key the API gives a record, so that the tenant of the caller's token travels with it
 * and cannot be claimed by the body: `v1.<tenant>.<nonce>.<mac>`.
 */
export function signTenantKey(
  signingKey: string,
  tenant: string,
  nonce: string,
  data: Uint8Array,
): string {
  return `v1.${tenant}.${nonce}.${mac(signingKey, tenant, nonce, data)}`;
}

/** Reads a partition key; a key in our form whose signature does not fit the data is forged. */
export function tenantOfKey(
  signingKey: string,
  partitionKey: string,
  data: Uint8Array,
): TenantOfKey {
  if (!partitionKey.startsWith('v1.')) return { kind: 'unsigned' };
  const match = FORM.exec(partitionKey);
  if (!match)
    return {
      kind: 'forged',
      detail: 'the partition key starts with "v1." but is not a signed tenant key',
    };
  const [, tenant, nonce, given] = match as unknown as [string, string, string, string];
  const right = mac(signingKey, tenant, nonce, data);
  return timingSafeEqual(Buffer.from(given), Buffer.from(right))
    ? { kind: 'signed', tenant }
    : { kind: 'forged', detail: 'the signature of the tenant does not fit the record' };
}

function mac(signingKey: string, tenant: string, nonce: string, data: Uint8Array): string {
  const digest = createHash('sha256').update(data).digest('hex');
  return createHmac('sha256', signingKey)
    .update(`${tenant}.${nonce}.${digest}`)
    .digest('hex')
    .slice(0, 32);
}
