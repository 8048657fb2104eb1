import { systemClock } from '#functions/_runtime/clock.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { createNotifier, postJson } from '#functions/_runtime/notify.ts';
import { secrets } from '#functions/_runtime/secret.ts';
import { createPagerDutySender } from '#shared/adapters/http/pagerduty-sender.ts';

/** EventBridge event → what is owed to PagerDuty. */
export const notify = createNotifier('pagerduty', () =>
  createPagerDutySender(
    postJson(),
    secrets(),
    () => systemClock.now(),
    readEnvironment().SENTRY_PAGERDUTY_URL || undefined,
  ),
);
