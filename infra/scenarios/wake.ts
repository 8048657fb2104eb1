import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

import { BUS } from '#infra/topology.ts';

import { awsSettings } from './producer.ts';

/** Starts the notifiers of these alerts and channels once more, as a second announcement would. */
export async function wakeNotifiers(
  url: string,
  alerts: readonly { tenant: string; alert_id: string }[],
  channels: readonly string[],
): Promise<void> {
  const client = new EventBridgeClient(awsSettings(url));
  const entries = alerts.map(({ tenant, alert_id }) => ({
    EventBusName: BUS.name,
    Source: 'sentry.scenario',
    DetailType: 'delivery.due',
    Detail: JSON.stringify({
      payload: { tenant, alert: { alert_id }, channels },
      meta: { correlation_id: 'scenario', version: '1.0' },
    }),
  }));
  try {
    for (let from = 0; from < entries.length; from += 10)
      await client.send(new PutEventsCommand({ Entries: entries.slice(from, from + 10) }));
  } finally {
    client.destroy();
  }
}
