import { expect, it } from 'vitest';

import { pagerDutyUrl } from './channels.ts';

const URL = 'http://127.0.0.1:4566';

it('keeps PagerDuty’s pages on the machine until a routing key is named', () => {
  expect(pagerDutyUrl(URL, {})).toBe(`${URL}/_local/receivers/pagerduty/v2/enqueue`);
  const real = { SENTRY_PAGERDUTY_ROUTING_KEY: 'r'.repeat(32) };
  expect(pagerDutyUrl(URL, real)).toBeUndefined();
  const eu = 'https://events.eu.pagerduty.com/v2/enqueue';
  expect(pagerDutyUrl(URL, { ...real, SENTRY_PAGERDUTY_URL: eu })).toBe(eu);
});
