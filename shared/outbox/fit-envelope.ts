import type { Envelope } from '#shared/audit/schema.ts';

/** Largest envelope as JSON in bytes: one PutEvents call carries 256 KiB, entry overhead included. */
export const ENVELOPE_BYTES_MAX = 240 * 1024;

function fits(envelope: Envelope): boolean {
  return Buffer.byteLength(JSON.stringify(envelope)) <= ENVELOPE_BYTES_MAX;
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/**
 * The envelope as the bus can carry it: unchanged when it fits, else without the alert's evidence,
 * else with what names the alert and nothing more. Receivers read the alert from the store anyway.
 */
export function fitEnvelope(envelope: Envelope): Envelope {
  if (fits(envelope)) return envelope;
  const { alert, channels, tenant } = envelope.payload;
  if (typeof alert === 'object' && alert !== null) {
    const bare = { ...alert, evidence: { first: [], last: [] } };
    const slim = { ...envelope, payload: { ...envelope.payload, alert: bare, truncated: true } };
    if (fits(slim)) return slim;
  }
  return {
    ...envelope,
    payload: { tenant, alert: { alert_id: part(alert, 'alert_id') }, channels, truncated: true },
  };
}
