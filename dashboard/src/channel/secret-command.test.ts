import { describe, expect, it } from 'vitest';

import type { Config } from '#dashboard/config/config.ts';

import { hookOf, secretOf } from './secret-command.ts';
import type { Channel } from './words.ts';

const CONFIG: Config = {
  api: 'https://sentry.example',
  live: 'wss://live.example',
  issuer: 'https://issuer.example',
  client_id: 'c',
  build: '1',
  environment: 'aws',
  region: 'eu-west-1',
};
const channel = (part: Partial<Channel>) => ({ channel_id: 'mine', ...part }) as Channel;

describe('where the secret of a channel goes', () => {
  it('is a command for this deployment that can be pasted', () => {
    const pager = channel({ channel: 'pagerduty', secret_parameter: '/sentry/channel/a/mine' });
    expect(secretOf(CONFIG, pager)?.command).toBe(
      [
        'aws ssm put-parameter --region eu-west-1 \\',
        "  --name '/sentry/channel/a/mine' \\",
        '  --type SecureString --overwrite \\',
        "  --value '<integration key>'",
      ].join('\n'),
    );
  });

  it('is, on a local instance, one that leads to its outbox', () => {
    const local = { ...CONFIG, endpoint: 'http://127.0.0.1:4566' };
    const hook = channel({ channel: 'webhook', secret_parameter: '/p' });
    const { command } = secretOf(local, hook)!;
    expect(command).toContain('--endpoint-url http://127.0.0.1:4566');
    expect(command).toContain('"url":"http://127.0.0.1:4566/_local/receivers/webhook/mine"');
  });

  it('is nowhere for e-mail, and of its own for calls of the receiver', () => {
    expect(secretOf(CONFIG, channel({ channel: 'email' }))).toBeUndefined();
    expect(hookOf(CONFIG, channel({ channel: 'slack' }))).toBeUndefined();
    expect(hookOf(CONFIG, channel({ channel: 'slack', hook_parameter: '/h' }))?.command).toContain(
      '<signing secret>',
    );
  });
});
