import * as z from 'zod';

import { TAKEN } from '#shared/notification/inbound/taken.ts';
import { ChannelConfig } from '#shared/notification/schema.ts';

import { none } from './field.ts';

const ShownChannel = ChannelConfig.omit({ secret: true, url: true }).extend({
  /** PagerDuty: the path of its v3 webhook subscription. */
  webhook_path: z.string().optional(),
});

const taken = z.enum(TAKEN);

/** The schemas of the operations on channels, their deliveries, and what their receivers call. */
export const CHANNEL_ROUTE_SCHEMAS = {
  'channels.list': {
    params: none,
    query: none,
    body: none,
    result: z.object({ items: z.array(ShownChannel) }),
  },
  'webhooks.pagerduty': {
    /** From `webhook_path` of the channel. */
    params: { hook: z.string().min(1).max(256) },
    query: none,
    body: none,
    raw: true,
    accepts: { description: 'One PagerDuty v3 webhook.', types: ['application/json'] },
    body_bytes_max: 256 * 1024,
    status: 202,
    result: z.object({
      outcome: z.enum([...TAKEN, 'repeated']),
      alerts: z.array(z.object({ alert_id: z.string(), outcome: taken })),
    }),
  },
} as const;
