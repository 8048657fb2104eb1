import { randomBytes } from 'node:crypto';
import { callJson } from '#infra/local/instance/call.ts';
import type { Services } from '#infra/local/instance/services.ts';
import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import { OwnChannel } from '#shared/notification/schema.ts';
import { PARAMETERS } from '#infra/environment.ts';
import { TABLES } from '#infra/topology.ts';

/** Tenants of the demo people; another tenant's pages must not leave the machine either. */
const TENANTS = ['default', 'other'] as const;

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
export async function provisionChannels(
  services: Services,
  url: string,
  real: RealReceivers,
): Promise<void> {
  const { ssm } = services;
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
  const isReal = real.SENTRY_PAGERDUTY_ROUTING_KEY !== undefined;
  const enqueue =
    real.SENTRY_PAGERDUTY_URL ?? (isReal ? undefined : `${receivers}/pagerduty/v2/enqueue`);
  for (const tenant of TENANTS) await routePagerDuty(services, tenant, enqueue);
}

function readSigningKey(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  return (JSON.parse(secret) as { signing_key?: string }).signing_key;
}

/** The tenant's channel row names PagerDuty's address; a row of the user's own with another one stays. */
async function routePagerDuty(
  services: Services,
  tenant: string,
  url: string | undefined,
): Promise<void> {
  const call = (operation: string, input: object) =>
    callJson(services.dynamodb, `DynamoDB_20120810.${operation}`, {
      TableName: TABLES.config.name,
      ...input,
    });
  const shipped = DEFAULT_CHANNELS.find(({ channel }) => channel === 'pagerduty')!;
  const key = { pk: { S: `T#${tenant}#CHANNELS` }, sk: { S: `HEAD#${shipped.channel_id}` } };
  const { Item: item } = (await call('GetItem', { Key: key, ConsistentRead: true })) as {
    Item?: { body: { S: string }; version: { N: string } };
  };
  const channel = item ? (JSON.parse(item.body.S) as typeof shipped) : shipped;
  const isOurs = item === undefined || channel.url?.includes('/_local/receivers/') === true;
  if (!isOurs || (item !== undefined && channel.url === url)) return;
  const { url: _, ...rest } = channel;
  // As the store of documents writes it: every later save expects this version.
  const version = Number(item?.version.N ?? 0) + 1;
  const document = OwnChannel.parse({ ...rest, ...(url !== undefined && { url }), version });
  const body = JSON.stringify(document);
  await call('PutItem', { Item: { ...key, body: { S: body }, version: { N: `${version}` } } });
}
