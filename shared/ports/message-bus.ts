import type { Envelope } from '#shared/audit/schema.ts';

/** What became of one envelope: taken by the bus, or refused this time with the bus's words. */
export type PublishResult = { ok: true } | { ok: false; error: string };

/** The event bus. An envelope may arrive twice; it must be safe to publish again. */
export interface MessageBus {
  /**
   * Publishes envelopes and answers for each, in their order. A partial failure is a value, never a
   * throw: a call that fails as a whole fails each of its envelopes. Takes any number; an envelope
   * must be at most ENVELOPE_BYTES_MAX of JSON (shared/outbox/fit-envelope.ts).
   */
  publish(envelopes: readonly Envelope[]): Promise<PublishResult[]>;
}
