import * as z from 'zod';

import { ChannelTest } from '#shared/notification/ask-test.ts';
import { ChannelHealth } from '#shared/notification/health.ts';
import { TAKEN } from '#shared/notification/inbound/taken.ts';
import { ChannelConfig, Delivery, OwnChannel } from '#shared/notification/schema.ts';

import { documentRoutes } from './document-routes.ts';
import { none, page, pageOf } from './field.ts';

const ShownChannel = ChannelConfig.omit({ secret: true }).extend({
  /** 0 of a shipped channel that nobody has changed. */
  version: z.number().int(),
  /** One of those every tenant has. */
  shipped: z.boolean(),
  /** Name of the parameter that holds what it takes to speak to the receiver. */
  secret_parameter: z.string().optional(),
  /** PagerDuty: the path of its v3 webhook subscription. Slack: of its interactivity request. */
  webhook_path: z.string().optional(),
  /** Name of the parameter that holds what the receiver signs its calls of that path with. */
  hook_parameter: z.string().optional(),
  health: ChannelHealth,
});

const channelId = { channel_id: z.string().min(1).max(64) };
const taken = z.enum(TAKEN);
const { version: _v, author: _a, updated_at: _u, removed: _r, ...fields } = OwnChannel.shape;
const heard = z.object({
  outcome: z.enum([...TAKEN, 'repeated']),
  alerts: z.array(z.object({ alert_id: z.string(), outcome: taken })),
});

/** The schemas of the operations on channels, their deliveries, and what their receivers call. */
export const CHANNEL_ROUTE_SCHEMAS = {
  ...documentRoutes('channels', {
    document: OwnChannel,
    fields,
    id: channelId,
  }),
  'channels.list': {
    params: none,
    query: none,
    body: none,
    result: z.object({ items: z.array(ShownChannel) }),
  },
  'channels.test': { params: channelId, query: none, body: none, result: ChannelTest },
  'channels.redrive': {
    params: channelId,
    query: none,
    body: none,
    status: 202,
    result: z.object({
      redriven: z.number().int(),
      /** Taken up by somebody else meanwhile. */
      skipped: z.number().int(),
      /** There are older ones; call again. */
      more: z.boolean(),
    }),
  },
  'deliveries.list': {
    params: none,
    query: {
      state: z.array(z.literal('DEAD')).length(1).default(['DEAD']),
      /** Only of this channel. */
      channel_id: z.string().min(1).max(64).optional(),
      ...page,
    },
    body: none,
    result: pageOf(Delivery),
  },
  'deliveries.redrive': {
    params: { delivery_key: z.string().min(1).max(256) },
    query: none,
    body: none,
    status: 202,
    result: Delivery,
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
    result: heard,
  },
  'webhooks.slack': {
    /** From `webhook_path` of the channel. */
    params: { hook: z.string().min(1).max(256) },
    query: none,
    body: none,
    raw: true,
    accepts: {
      description: 'One interaction payload of Slack.',
      types: ['application/x-www-form-urlencoded'],
    },
    body_bytes_max: 256 * 1024,
    result: heard,
  },
} as const;
