import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack's own bound for replays, seconds. */
const AGE_MAX = 300;
const SIGNATURE = /^v0=([0-9a-f]{64})$/u;
const SECONDS = /^\d{1,12}$/u;

interface SlackHeaders {
  signature: string | undefined;
  /** `X-Slack-Request-Timestamp`, Unix seconds. */
  timestamp: string | undefined;
}

/**
 * Whether Slack signed these bytes with one of the secrets within five minutes of `now` (ms):
 * `X-Slack-Signature` is `v0=<hex HMAC-SHA256 of v0:timestamp:body>` (Slack developer documentation,
 * "Verifying requests from Slack"). `secrets` holds one or more, white space between.
 */
export function isSignedBySlack(
  { signature, timestamp }: SlackHeaders,
  secrets: string,
  body: Uint8Array,
  now: number,
): boolean {
  const hex = SIGNATURE.exec(signature ?? '')?.[1];
  if (hex === undefined || !SECONDS.test(timestamp ?? '')) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > AGE_MAX) return false;
  const given = Buffer.from(hex, 'hex');
  let signed = false;
  for (const secret of secrets.split(/\s+/u).filter((word) => word !== '')) {
    const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
    signed = timingSafeEqual(given, mac) || signed;
  }
  return signed;
}
