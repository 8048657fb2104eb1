import { renderSlack } from '#shared/notification/message/slack.ts';
import type { ChannelSender, SendOutcome } from '#shared/ports/channel-sender.ts';
import type { SecretStore } from '#shared/ports/secret-store.ts';

import { outcomeOfFailure, outcomeOfStatus, retryAfterOf } from './outcome-of.ts';
import type { PostJson, PostResult } from './post-json.ts';

/** Slack's words for faults that pass by themselves; any other `error` is the same next time. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** The `ok` and `error` of a Web API answer; undefined when the body is no such thing. */
function readAnswer(body: string): { ok: boolean; error: string } | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return undefined;
    const error =
      'error' in answer && typeof answer.error === 'string' ? answer.error : 'no reason';
    return { ok: answer.ok === true, error: error.slice(0, 80) };
  } catch {
    return undefined;
  }
}

function judge(result: PostResult, now: number): SendOutcome {
  if (result.kind !== 'answered') return outcomeOfFailure(result)!;
  if (result.status < 200 || result.status > 299) return outcomeOfStatus(result, now);
  const text = result.body.trim();
  if (text === 'ok') return { kind: 'delivered', receipt: 'ok' };
  const answer = readAnswer(text);
  if (answer?.ok === true) return { kind: 'delivered', receipt: 'ok' };
  if (answer === undefined)
    return { kind: 'retryable', error: 'an answer that is not Slack’s', may_have_arrived: true };
  if (!PASSING.has(answer.error)) return { kind: 'permanent', error: `Slack: ${answer.error}` };
  const may_have_arrived = !answer.error.startsWith('rate');
  const error = `Slack: ${answer.error}`;
  return { kind: 'retryable', error, may_have_arrived, ...retryAfterOf(result, now) };
}

/** Posts to a Slack incoming webhook, whose URL is the channel's secret. Slack says no inside a 200: the body counts. */
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
      const body = JSON.stringify(renderSlack(notice));
      return judge(await post({ url: secret.value.trim(), body }), now());
    },
  };
}
