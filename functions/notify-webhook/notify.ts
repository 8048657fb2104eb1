import { systemClock } from '#functions/_runtime/clock.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { createNotifier, postJson } from '#functions/_runtime/notify.ts';
import { secrets } from '#functions/_runtime/secret.ts';
import { createWebhookSender } from '#shared/adapters/http/webhook-sender.ts';

/** EventBridge event → what is owed to webhooks, each signed. */
export const notify = createNotifier('webhook', () =>
  createWebhookSender(
    postJson(),
    secrets(),
    () => systemClock.now(),
    readEnvironment().SENTRY_SIGNING_KEY_PARAMETER,
  ),
);
