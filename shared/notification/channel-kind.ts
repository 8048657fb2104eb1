import type { DocumentKind } from '#shared/document/kind.ts';
import { type InputIssue, SentryError } from '#shared/kernel/error.ts';

import { DEFAULT_CHANNELS } from './default-channels.ts';
import { OwnChannel } from './schema.ts';

/** Channels as documents. */
export const CHANNEL_KIND: DocumentKind<OwnChannel> = {
  noun: 'channel',
  idOf: ({ channel_id }) => channel_id,
  check: checkChannel,
};

/** Reads a channel and says everything that is wrong with it. Throws `invalid_input`. */
function checkChannel(input: unknown): OwnChannel {
  const parsed = OwnChannel.safeParse(input);
  const issues: InputIssue[] = parsed.success
    ? findIssues(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  if (parsed.success && issues.length === 0) return parsed.data;
  const [first] = issues;
  const detail = `The channel is not valid: ${first!.path}: ${first!.message}`;
  throw new SentryError('invalid_input', detail, { issues });
}

/**
 * What a channel of the right shape may still have wrong. One that takes the place of a shipped channel
 * keeps that one's secret, so it must stay what it is and speak to nobody else.
 */
function findIssues(own: OwnChannel): InputIssue[] {
  const issues: InputIssue[] = [];
  const say = (path: string, message: string) => issues.push({ path, message });
  const shipped = DEFAULT_CHANNELS.find(({ channel_id }) => channel_id === own.channel_id);
  if (shipped && shipped.channel !== own.channel)
    say('channel', `is "${shipped.channel}": "${own.channel_id}" is a shipped channel`);
  if (own.url !== undefined) {
    if (shipped) say('url', 'cannot be given for a shipped channel: make one of your own');
    if (own.channel !== 'pagerduty' && own.channel !== 'slack')
      say('url', 'is for PagerDuty and Slack bots; a webhook has its address in its parameter');
    if (!isHttps(own.url)) say('url', 'is an https address');
  }
  if (own.secondary === own.channel_id) say('secondary', 'is another channel');
  if (own.interactive === true && own.channel !== 'slack')
    say('interactive', 'is for Slack channels');
  return issues;
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
