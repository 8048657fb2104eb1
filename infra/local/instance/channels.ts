import { randomBytes } from 'node:crypto';

import type { Services } from '#infra/local/instance/services.ts';
import { PARAMETERS } from '#infra/environment.ts';

/** Environment variables that send a channel to a real receiver instead of the outbox. */
export interface RealReceivers {
  SENTRY_SLACK_WEBHOOK_URL?: string;
  SENTRY_PAGERDUTY_ROUTING_KEY?: string;
  SENTRY_PAGERDUTY_URL?: string;
  SENTRY_WEBHOOK_URL?: string;
}

/**
 * Writes the signing key (once) and where each shipped channel delivers: the instance's own receivers
 * at `url`, or a real one named in the environment. Rewritten at each start because the port may differ.
 */
export function provisionChannels(
  { ssm }: Pick<Services, 'ssm'>,
  url: string,
  real: RealReceivers,
): void {
  if (ssm.getParameter(PARAMETERS.signingKey) === undefined)
    ssm.putParameter(PARAMETERS.signingKey, randomBytes(32).toString('hex'));
  const put = (channel: string, value: string) => {
    const name = `${PARAMETERS.channelPrefix}${channel}`;
    if (ssm.getParameter(name) !== value) ssm.putParameter(name, value);
  };
  const receivers = `${url}/_local/receivers`;
  put('slack-ops', real.SENTRY_SLACK_WEBHOOK_URL ?? `${receivers}/slack/slack-ops`);
  put('pagerduty-primary', real.SENTRY_PAGERDUTY_ROUTING_KEY ?? 'local'.repeat(7).slice(0, 32));
  const webhook = `${PARAMETERS.channelPrefix}webhook-audit`;
  const kept = readSigningKey(ssm.getParameter(webhook)) ?? randomBytes(32).toString('hex');
  put(
    'webhook-audit',
    JSON.stringify({
      url: real.SENTRY_WEBHOOK_URL ?? `${receivers}/webhook/webhook-audit`,
      signing_key: kept,
    }),
  );
}

/**
 * Where PagerDuty's channels send that name no address of their own: the instance's own receiver, or
 * the real one once a routing key is named. Undefined: PagerDuty's.
 */
export function pagerDutyUrl(url: string, real: RealReceivers): string | undefined {
  const isReal = real.SENTRY_PAGERDUTY_ROUTING_KEY !== undefined;
  const own = `${url}/_local/receivers/pagerduty/v2/enqueue`;
  return real.SENTRY_PAGERDUTY_URL ?? (isReal ? undefined : own);
}

function readSigningKey(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  return (JSON.parse(secret) as { signing_key?: string }).signing_key;
}
