import { describe, expect, it } from 'vitest';

import type { Call } from '#dashboard/api/http.ts';

import { draftOf, fieldsOf, saveChannel } from './save-channel.ts';
import type { Channel } from './words.ts';

const CHANNEL: Channel = {
  channel_id: 'slack-team',
  channel: 'slack',
  name: 'Team',
  enabled: true,
  interactive: true,
  secondary: 'email-ops',
  url: 'https://slack.example/api',
  version: 3,
  shipped: false,
  health: {
    state: 'ok',
    sent: 0,
    failed: 0,
    dead: 0,
    put_off: 0,
    success_rate: null,
    heard: 0,
    unknown: 0,
  },
};

describe('a channel that is saved', () => {
  it('has only what its kind has', () => {
    const draft = draftOf(CHANNEL);
    expect(fieldsOf(draft)).toMatchObject({ url: CHANNEL.url, interactive: true });
    expect(fieldsOf({ ...draft, channel: 'webhook', secondary: '' })).toEqual({
      channel_id: 'slack-team',
      channel: 'webhook',
      name: 'Team',
      enabled: true,
    });
  });

  it('replaces the version that was seen, and makes a shipped one that nobody has changed', async () => {
    const calls: unknown[] = [];
    const call = ((operation: string, params: object) => {
      calls.push([operation, params]);
      return Promise.resolve({});
    }) as unknown as Call;
    await saveChannel(call, CHANNEL, draftOf(CHANNEL));
    const shipped = { ...CHANNEL, shipped: true, version: 0 };
    await saveChannel(call, shipped, draftOf(shipped));
    expect(calls).toEqual([
      ['channels.replace', expect.objectContaining({ if_version: 3, url: CHANNEL.url })],
      ['channels.create', expect.not.objectContaining({ url: CHANNEL.url })],
    ]);
  });
});
