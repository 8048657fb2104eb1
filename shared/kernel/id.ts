import { createHash } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Lower-case RFC 4648 base32 without padding. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32[(buffer >>> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) out += BASE32[(buffer << (5 - bits)) & 31];
  return out;
}

/** 26 base32 characters of sha-256 over the parts, each length-prefixed so that no two lists collide. */
export function digestId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return base32(hash.digest()).slice(0, 26);
}

/** The same alert for the same tenant, rule, group and episode, however often it is delivered. */
export function alertId(tenant: string, ruleId: string, groupKey: string, episode: number): string {
  return digestId(tenant, ruleId, groupKey, String(episode));
}

/** Group-by values as one string: NFC, each length-prefixed, so ("a","bc") and ("ab","c") differ. */
export function groupKey(values: readonly string[]): string {
  return values
    .map((value) => value.normalize('NFC'))
    .map((value) => `${value.length}:${value}`)
    .join('');
}

/** One message to one destination for one escalation step. */
export function deliveryKey(alert_id: string, step: number, destination: string): string {
  return `${alert_id}|${step}|${destination}`;
}

/** A UUID (version 8, RFC 9562 §5.8) from sha-256 over the parts. */
export function digestUuid(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
