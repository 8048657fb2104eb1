import type { Scope } from '#shared/access/scope.ts';

import type { Topic } from './schema.ts';

/** What a viewer must be allowed to receive a topic; checked at subscribe and again at every push. */
export const TOPIC_SCOPES: Readonly<Record<Topic, Scope>> = {
  alerts: 'sentry.alert.read',
  deliveries: 'sentry.alert.read',
  rules: 'sentry.policy.read',
  feed: 'sentry.read',
};
