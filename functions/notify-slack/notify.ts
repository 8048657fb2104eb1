import { systemClock } from '#functions/_runtime/clock.ts';
import { createNotifier, postJson } from '#functions/_runtime/notify.ts';
import { secrets } from '#functions/_runtime/secret.ts';
import { createSlackSender } from '#shared/adapters/http/slack-sender.ts';

/** EventBridge event → what is owed to Slack. */
export const notify = createNotifier('slack', () =>
  createSlackSender(postJson(), secrets(), () => systemClock.now()),
);
