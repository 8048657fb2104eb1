import * as z from 'zod';

import { SentryError } from '#shared/kernel/error.ts';

const WakeEvent = z.object({
  detail: z.object({
    payload: z.object({ tenant: z.string(), alert: z.object({ alert_id: z.string() }) }),
    meta: z.object({ correlation_id: z.string() }),
  }),
});

/** Which alert to look at. */
export interface Wake {
  tenant: string;
  alert_id: string;
  correlation_id: string;
}

/** Reads an EventBridge event that names an alert; throws `invalid_input` for any other. */
export function readWake(event: unknown): Wake {
  const read = WakeEvent.safeParse(event);
  if (!read.success)
    throw new SentryError('invalid_input', 'The event names no alert.', { cause: read.error });
  const { payload, meta } = read.data.detail;
  const { correlation_id } = meta;
  return { tenant: payload.tenant, alert_id: payload.alert.alert_id, correlation_id };
}
