import { createHmac, timingSafeEqual } from 'node:crypto';

/** More than a rotation needs; each costs a comparison. */
const SIGNATURES_MAX = 8;
const SIGNATURE = /^v1=([0-9a-f]{64})$/;

/**
 * Whether PagerDuty signed these bytes with one of the secrets: `X-PagerDuty-Signature` is
 * `v1=<hex HMAC-SHA256 of the raw body>`, several after commas while a secret is rotated (PagerDuty
 * developer documentation, "Verifying Signatures"). `secrets` holds one or more, white space between.
 */
export function isSignedByPagerDuty(
  header: string | undefined,
  secrets: string,
  body: Uint8Array,
): boolean {
  const given = (header ?? '')
    .split(',', SIGNATURES_MAX)
    .flatMap((part) => SIGNATURE.exec(part.trim())?.[1] ?? [])
    .map((hex) => Buffer.from(hex, 'hex'));
  let signed = false;
  for (const secret of secrets.split(/\s+/u).filter((word) => word !== '')) {
    const right = createHmac('sha256', secret).update(body).digest();
    // Every pair is compared, so that the time taken says nothing of which one fits.
    for (const signature of given) signed = timingSafeEqual(signature, right) || signed;
  }
  return signed;
}
