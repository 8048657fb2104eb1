import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { buildAlert, buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';

import { renderEmail } from './email.ts';
import { renderPagerDuty } from './pagerduty.ts';
import { renderSlack } from './slack.ts';
import { renderWebhook } from './webhook.ts';

const INCIDENT = 'iiiiiiiiiiiiiiiiiiiiiiiiii';

function notice(fields: Partial<Alert>): Notice {
  const delivery = buildDelivery();
  return {
    intent: 'trigger',
    alert: buildAlert(fields),
    delivery,
    channel: { channel_id: 'c', channel: delivery.channel, name: 'c', enabled: true },
    link: 'https://sentry.example/alerts/a',
    at: BUILT_AT,
    idempotency_key: delivery.delivery_key,
  };
}

describe('a message about an alert of an incident', () => {
  it('names the incident on every channel, and nothing where there is none', () => {
    const render = (fields: Partial<Alert>) => [
      renderEmail(notice(fields)).body,
      JSON.stringify(renderSlack(notice(fields))),
      JSON.stringify(renderPagerDuty(notice(fields), 'key')),
      renderWebhook(notice(fields)),
      renderWebhook(notice({ ...fields, labels: { huge: 'x'.repeat(300_000) } })),
    ];
    for (const text of render({ incident_id: INCIDENT })) expect(text).toContain(INCIDENT);
    for (const text of render({})) expect(text).not.toMatch(/incident/i);
  });
});
