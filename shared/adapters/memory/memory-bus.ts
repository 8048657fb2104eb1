import type { Envelope } from '#shared/audit/schema.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';

/** A bus that keeps what it took in `taken`; `refuse` names those it fails, once asked for each. */
export function createMemoryBus(
  refuse: (envelope: Envelope) => string | undefined = () => undefined,
): {
  bus: MessageBus;
  taken: Envelope[];
} {
  const taken: Envelope[] = [];
  return {
    taken,
    bus: {
      async publish(envelopes) {
        return envelopes.map((envelope) => {
          const error = refuse(envelope);
          if (error !== undefined) return { ok: false, error };
          taken.push(structuredClone(envelope));
          return { ok: true };
        });
      },
    },
  };
}
