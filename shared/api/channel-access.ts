import type { RouteAccess } from './route-access.ts';

/** The rows of the route table about channels, their deliveries, and what their receivers call. */
export const CHANNEL_ACCESS = [
  {
    operation: 'channels.list',
    method: 'GET',
    path: '/v1/channels',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Configured notification channels with how they fare, without their secrets.',
  },
  {
    operation: 'webhooks.pagerduty',
    method: 'POST',
    path: '/v1/webhooks/pagerduty/{hook}',
    access: 'signed',
    live: false,
    summary: 'Takes a PagerDuty v3 webhook: acknowledges, opens or resolves the alert it is about.',
  },
] as const satisfies readonly RouteAccess[];
