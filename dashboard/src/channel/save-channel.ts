import type { Call } from '#dashboard/api/http.ts';

import type { Channel, ChannelKind } from './words.ts';

/** What people write of a channel. */
export interface Draft {
  channel_id: string;
  channel: ChannelKind;
  name: string;
  enabled: boolean;
  url: string;
  secondary: string;
  interactive: boolean;
}

/** What a form begins with. */
export function draftOf(channel: Channel | undefined): Draft {
  return {
    channel_id: channel?.channel_id ?? '',
    channel: channel?.channel ?? 'slack',
    name: channel?.name ?? '',
    enabled: channel?.enabled ?? true,
    // The address of a shipped channel is the deployment's, and is not sent back.
    url: channel?.shipped ? '' : (channel?.url ?? ''),
    secondary: channel?.secondary ?? '',
    interactive: channel?.interactive ?? false,
  };
}

/** The draft as the API takes it: only what its kind has. */
export function fieldsOf({ channel_id, channel, name, enabled, ...rest }: Draft) {
  const mayHaveUrl = channel === 'slack' || channel === 'pagerduty';
  return {
    channel_id,
    channel,
    name,
    enabled,
    ...(mayHaveUrl && rest.url !== '' && { url: rest.url }),
    ...(rest.secondary !== '' && { secondary: rest.secondary }),
    ...(channel === 'slack' && rest.interactive && { interactive: true }),
  };
}

/**
 * Saves a channel as its next version. A shipped one that nobody has changed is no document yet, so it
 * is made. Throws ApiError: `precondition_failed` when somebody else saved meanwhile.
 */
export async function saveChannel(
  call: Call,
  before: Channel | undefined,
  draft: Draft,
): Promise<void> {
  const fields = fieldsOf(draft);
  if (!before || before.version === 0) await call('channels.create', fields);
  else await call('channels.replace', { ...fields, if_version: before.version });
}
