import { ingestEvents } from '#shared/event/ingest.ts';
import type { Handlers } from '#functions/api/operation.ts';

export const eventOperations: Handlers<'events.ingest'> = {
  'events.ingest': (_input, { body, context, ports }) => ingestEvents(body, context, ports),
};
