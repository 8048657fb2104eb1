import { renderPagerDuty } from '#shared/notification/message/pagerduty.ts';
import type { ChannelSender } from '#shared/ports/channel-sender.ts';
import type { SecretStore } from '#shared/ports/secret-store.ts';

import { outcomeOfFailure, outcomeOfStatus } from './outcome-of.ts';
import type { PostJson } from './post-json.ts';

const ENQUEUE_URL = 'https://events.pagerduty.com/v2/enqueue';

/**
 * Sends PagerDuty Events v2, whose routing key is the channel's secret. Acknowledge and resolve go
 * with the key the incident was triggered with, because PagerDuty silently drops any other.
 */
export function createPagerDutySender(
  post: PostJson,
  secrets: SecretStore,
  now: () => number,
  /** Where channels send that name no address of their own. */
  enqueueUrl: string = ENQUEUE_URL,
): ChannelSender {
  return {
    async send(notice) {
      const { channel, delivery, intent } = notice;
      const name = channel.secret ?? `/sentry/channel/${channel.channel_id}`;
      const pinned = intent === 'trigger' ? undefined : delivery.destination_ref;
      const secret = (pinned && (await secrets.get(name, pinned))) || (await secrets.get(name));
      if (!secret) return { kind: 'permanent', error: `the parameter ${name} does not exist` };
      const body = JSON.stringify(renderPagerDuty(notice, secret.value.trim()));
      const result = await post({ url: channel.url ?? enqueueUrl, body });
      if (result.kind !== 'answered') return outcomeOfFailure(result)!;
      if (result.status !== 202) return outcomeOfStatus(result, now());
      return { kind: 'delivered', receipt: 'HTTP 202', destination_ref: secret.version };
    },
  };
}
