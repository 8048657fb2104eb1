import type { Config } from '#dashboard/config/config.ts';
import { awsCommand } from '#dashboard/source/aws-command.ts';

import type { Channel } from './words.ts';

/** What a secret is made of, where it comes from at the receiver's, and the command that stores it. */
export interface SecretSetup {
  parameter: string;
  hint: string;
  command: string;
}

/** How to give a channel what it takes to speak to its receiver; e-mail takes nothing. */
export function secretOf(config: Config, channel: Channel): SecretSetup | undefined {
  const { secret_parameter: parameter } = channel;
  if (parameter === undefined) return undefined;
  const { hint, value } = SECRETS[channel.channel];
  return { parameter, hint, command: putParameter(config, parameter, value(config, channel)) };
}

/** How to give a channel what its receiver signs its own calls with. */
export function hookOf(config: Config, channel: Channel): SecretSetup | undefined {
  const { hook_parameter: parameter } = channel;
  if (parameter === undefined) return undefined;
  const isSlack = channel.channel === 'slack';
  return {
    parameter,
    hint: isSlack
      ? 'The signing secret stands in the Slack app’s basic information.'
      : 'PagerDuty shows the secret once, when the webhook subscription is made.',
    command: putParameter(config, parameter, isSlack ? '<signing secret>' : '<webhook secret>'),
  };
}

interface Secret {
  hint: string;
  value: (config: Config, channel: Channel) => string;
}

/** The receivers of a local instance, which take what would have gone out. */
const outboxOf = ({ endpoint }: Config, { channel, channel_id }: Channel) =>
  endpoint === undefined ? undefined : `${endpoint}/_local/receivers/${channel}/${channel_id}`;

const SECRETS: Readonly<Record<Channel['channel'], Secret>> = {
  slack: {
    hint: 'The address of an incoming webhook; or {"bot_token", "channel"} as JSON, and messages are then changed in place.',
    value: (config, channel) =>
      outboxOf(config, channel) ?? 'https://hooks.slack.com/services/<webhook>',
  },
  pagerduty: {
    hint: 'The integration key of an Events API v2 integration: 32 letters and digits.',
    value: () => '<integration key>',
  },
  webhook: {
    hint: 'Its address and the key that messages are signed with: long and random.',
    value: (config, channel) =>
      JSON.stringify({
        url: outboxOf(config, channel) ?? 'https://<receiver>',
        signing_key: '<long random key>',
      }),
  },
  email: { hint: '', value: () => '' },
};

function putParameter(config: Config, name: string, value: string): string {
  return awsCommand(config, [
    'ssm put-parameter',
    `--name '${name}'`,
    '--type SecureString --overwrite',
    `--value '${value}'`,
  ]);
}
