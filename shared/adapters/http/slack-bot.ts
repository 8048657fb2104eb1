import { renderSlack, renderSlackReply } from '#shared/notification/message/slack.ts';
import type { Notice, SendOutcome } from '#shared/ports/channel-sender.ts';

import type { PostJson, PostResult } from './post-json.ts';
import { judgeSlack, readSlackAnswer } from './slack-answer.ts';

const API_URL = 'https://slack.com/api';

/** What the secret of a channel says where a bot speaks: `{"bot_token", "channel"}`. */
export interface SlackBot {
  token: string;
  /** The conversation's id, e.g. `C0123456789`. */
  conversation: string;
}

/** The bot of a secret; undefined for one that holds an incoming webhook's URL. */
export function readSlackBot(secret: string): SlackBot | undefined {
  const text = secret.trim();
  if (!text.startsWith('{')) return undefined;
  try {
    const { bot_token, channel } = JSON.parse(text) as Record<string, unknown>;
    if (typeof bot_token !== 'string' || typeof channel !== 'string') return undefined;
    return { token: bot_token, conversation: channel };
  } catch {
    return undefined;
  }
}

const MESSAGE = /^([A-Z0-9]{1,32}):(\d{1,16}\.\d{1,16})$/;
/** The message cannot be changed any more: a new one takes its place. */
const GONE = new Set([
  'Slack: message_not_found',
  'Slack: cant_update_message',
  'Slack: edit_window_closed',
]);

/**
 * Says it as a bot (Slack Web API): the first word is a message, every further one changes that
 * message in place and adds a line to its thread. The message is remembered as `<channel>:<ts>`.
 */
export async function speakAsBot(
  post: PostJson,
  bot: SlackBot,
  notice: Notice,
  now: () => number,
): Promise<SendOutcome> {
  const call = (method: string, fields: object): Promise<PostResult> =>
    post({
      url: `${notice.channel.url ?? API_URL}/${method}`,
      headers: {
        authorization: `Bearer ${bot.token}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(fields),
    });
  const message = renderSlack(notice);
  const [, channel, ts] = MESSAGE.exec(notice.delivery.destination_ref ?? '') ?? [];
  if (channel !== undefined && ts !== undefined) {
    const outcome = judgeSlack(await call('chat.update', { channel, ts, ...message }), now());
    const isGone = outcome.kind === 'permanent' && GONE.has(outcome.error);
    if (outcome.kind !== 'delivered' && !isGone) return outcome;
    if (!isGone) {
      const reply = { channel, thread_ts: ts, ...renderSlackReply(notice) };
      const said = judgeSlack(await call('chat.postMessage', reply), now());
      // Changing the message once more changes nothing, so the whole is tried again for the reply.
      if (said.kind === 'retryable') return said;
      const receipt =
        said.kind === 'delivered' ? `updated ${ts}` : `updated ${ts}, no reply (${said.error})`;
      return { kind: 'delivered', receipt, destination_ref: `${channel}:${ts}` };
    }
  }
  const posted = await call('chat.postMessage', { channel: bot.conversation, ...message });
  const outcome = judgeSlack(posted, now());
  if (outcome.kind !== 'delivered' || posted.kind !== 'answered') return outcome;
  const answer = readSlackAnswer(posted.body);
  const ref = `${answer?.channel ?? ''}:${answer?.ts ?? ''}`;
  if (!MESSAGE.test(ref)) return outcome;
  return { kind: 'delivered', receipt: `posted ${answer?.ts}`, destination_ref: ref };
}
