import { parseArgs } from 'node:util';

import type { Alert } from '#shared/alert/schema.ts';

import { callLocal } from './local-api.ts';

/** Prints the newest alerts of the local instance. */
export async function alerts(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      state: { type: 'string' },
      user: { type: 'string', default: 'rosa' },
      json: { type: 'boolean', default: false },
    },
  });
  const query =
    values.state === undefined ? '' : `?state=${encodeURIComponent(values.state.toUpperCase())}`;
  const page = (await callLocal(values.user, 'GET', `/v1/alerts${query}`)) as { items: Alert[] };
  if (values.json) return console.log(JSON.stringify(page.items, null, 2));
  if (page.items.length === 0)
    return console.log('No alerts. Send an event: npx sentry send --type metric.disk --payload …');
  for (const alert of page.items)
    console.log(
      `${alert.alert_id}  ${alert.severity.padEnd(8)} ${alert.state.padEnd(8)} ${String(alert.count).padStart(6)}×  ${alert.service.padEnd(12)} ${alert.title}`,
    );
}

/** Acknowledges one alert of the local instance. */
export async function acknowledge(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { user: { type: 'string', default: 'rosa' } },
  });
  const [alertId] = positionals;
  if (!alertId)
    throw new Error('Which alert? npx sentry ack <alert_id> (npx sentry alerts lists them)');
  const alert = (await callLocal(
    values.user,
    'POST',
    `/v1/alerts/${encodeURIComponent(alertId)}/ack`,
    {},
  )) as Alert;
  console.log(`${alert.alert_id} is ${alert.state}, acknowledged by ${alert.acknowledged_by}`);
}
