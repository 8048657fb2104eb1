import { renderSlack } from '#shared/notification/message/slack.ts';
import type { ChannelSender } from '#shared/ports/channel-sender.ts';
import type { SecretStore } from '#shared/ports/secret-store.ts';

import type { PostJson } from './post-json.ts';
import { judgeSlack } from './slack-answer.ts';
import { readSlackBot, speakAsBot } from './slack-bot.ts';

/**
 * Speaks to Slack as the channel's secret says: through an incoming webhook, whose URL it is, or as a
 * bot, whose token and conversation it holds.
 */
export function createSlackSender(
  post: PostJson,
  secrets: SecretStore,
  now: () => number,
): ChannelSender {
  return {
    async send(notice) {
      const name = notice.channel.secret ?? `/sentry/channel/${notice.channel.channel_id}`;
      const secret = await secrets.get(name);
      if (secret === undefined)
        return { kind: 'permanent', error: `the parameter ${name} does not exist` };
      const bot = readSlackBot(secret.value);
      if (bot) return await speakAsBot(post, bot, notice, now);
      if (secret.value.trim().startsWith('{'))
        return {
          kind: 'permanent',
          error: `the parameter ${name} holds neither a URL nor {"bot_token", "channel"}`,
        };
      const body = JSON.stringify(renderSlack(notice));
      return judgeSlack(await post({ url: secret.value.trim(), body }), now());
    },
  };
}
