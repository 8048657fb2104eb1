import { documentAccess } from './document-access.ts';
import type { RouteAccess } from './route-access.ts';

/** The rows of the route table about channels, their deliveries, and what their receivers call. */
export const CHANNEL_ACCESS = [
  ...documentAccess('channels', {
    path: '/v1/channels',
    id: 'channel_id',
    one: 'notification channel',
  }),
  {
    operation: 'channels.test',
    method: 'POST',
    path: '/v1/channels/{channel_id}/test',
    access: 'sentry.policy.write',
    live: false,
    summary: 'Sends a marked test message and answers the receipt, or why it did not get through.',
  },
  {
    operation: 'channels.redrive',
    method: 'POST',
    path: '/v1/channels/{channel_id}/redrive',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Tries the dead deliveries of a channel again, 100 a call.',
  },
  {
    operation: 'deliveries.list',
    method: 'GET',
    path: '/v1/deliveries',
    access: 'sentry.alert.read',
    live: true,
    summary: 'Deliveries that were given up, across alerts, newest first.',
  },
  {
    operation: 'deliveries.redrive',
    method: 'POST',
    path: '/v1/deliveries/{delivery_key}/redrive',
    access: 'sentry.alert.write',
    live: true,
    summary: 'Tries a dead delivery again. Repeating it changes nothing.',
  },
  {
    operation: 'webhooks.pagerduty',
    method: 'POST',
    path: '/v1/webhooks/pagerduty/{hook}',
    access: 'signed',
    live: false,
    summary: 'Takes a PagerDuty v3 webhook: acknowledges, opens or resolves the alert it is about.',
  },
  {
    operation: 'webhooks.slack',
    method: 'POST',
    path: '/v1/webhooks/slack/{hook}',
    access: 'signed',
    live: false,
    summary: 'Takes a button pressed in Slack: acknowledges or resolves the alert of its message.',
  },
] as const satisfies readonly RouteAccess[];
