import { systemClock } from '#functions/_runtime/clock.ts';
import { createNotifier, postJson, secrets } from '#functions/_runtime/notify.ts';
import { createPagerDutySender } from '#shared/adapters/http/pagerduty-sender.ts';

/** EventBridge event → what is owed to PagerDuty. */
export const notify = createNotifier('pagerduty', () =>
  createPagerDutySender(postJson(), secrets(), () => systemClock.now()),
);
