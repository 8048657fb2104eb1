import type { ChannelConfig } from '#shared/notification/schema.ts';

/** The shipped channels; a tenant's own channel of the same id takes the place of one. */
export const DEFAULT_CHANNELS: readonly ChannelConfig[] = [
  { channel_id: 'email-ops', channel: 'email', name: 'Operations e-mail', enabled: true },
  {
    channel_id: 'slack-ops',
    channel: 'slack',
    name: 'Operations chat',
    enabled: true,
    secret: '/sentry/channel/slack-ops',
  },
  {
    channel_id: 'pagerduty-primary',
    channel: 'pagerduty',
    name: 'Primary on-call',
    enabled: true,
    secret: '/sentry/channel/pagerduty-primary',
    secondary: 'email-ops',
  },
  {
    channel_id: 'webhook-audit',
    channel: 'webhook',
    name: 'Audit webhook',
    enabled: true,
    secret: '/sentry/channel/webhook-audit',
  },
];
