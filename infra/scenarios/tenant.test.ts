import { afterAll, beforeAll, expect, it } from 'vitest';

import { PARAMETERS } from '#infra/environment.ts';
import { signTenantKey } from '#shared/event/tenant-key.ts';

import { compareAlerts } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { expectAlerts } from './oracle.ts';
import { type Json, signIn } from './person.testing.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario({ tenants: ['default', 'other'] });
});
afterAll(() => scenario.close());

it('the same events of two tenants make alerts of their own that the other tenant never sees', async () => {
  const { instance } = scenario;
  const from = Date.now() - 600_000;
  const mine = makeWorkload({ events: 500, seed: 11, matching: 0.3, from });
  const theirs = makeWorkload({ events: 300, seed: 11, matching: 0.3, from });
  const key = instance.services.ssm.getParameter(PARAMETERS.signingKey)!;
  const signed = theirs.map(({ event }, n) => {
    const bytes = Buffer.from(JSON.stringify(event));
    return { bytes, partition_key: signTenantKey(key, 'other', `n${n}`, bytes) };
  });
  const claimed = Buffer.from(JSON.stringify({ ...mine[0]!.event, tenant: 'other' }));
  const bytes = Buffer.concat([claimed, Buffer.from(' ')]);
  await scenario.put([
    ...mine,
    ...signed,
    // A signature of another record, and a tenant claimed in the body.
    { bytes, partition_key: signed[0]!.partition_key },
  ]);
  await scenario.settle();
  const { alerts, quarantine } = await scenario.snapshot();
  const of = (tenant: string) => alerts.filter((alert) => alert.tenant === tenant);
  expect(compareAlerts(of('default'), expectAlerts(mine.map(({ event }) => event)))).toEqual([]);
  expect(compareAlerts(of('other'), expectAlerts(theirs.map(({ event }) => event)))).toEqual([]);
  expect(new Set(alerts.map(({ alert_id }) => alert_id)).size).toBe(alerts.length);
  expect(quarantine).toEqual([{ tenant: 'default', reason: 'tenant_signature', count: 1 }]);

  const tove = await signIn(instance, 'tove');
  const seen: Json[] = [];
  let cursor = '';
  do {
    const { json } = await tove('GET', `/v1/alerts?limit=10${cursor}`);
    seen.push(...json.items);
    cursor = json.cursor ? `&cursor=${encodeURIComponent(json.cursor)}` : '';
  } while (cursor !== '');
  expect(seen.map(({ alert_id }) => alert_id as string).sort()).toEqual(
    of('other').map(({ alert_id }) => alert_id),
  );
  const [foreign] = of('default');
  for (const [method, path] of [
    ['GET', `/v1/alerts/${foreign!.alert_id}`],
    ['POST', `/v1/alerts/${foreign!.alert_id}/ack`],
    ['POST', `/v1/alerts/${foreign!.alert_id}/resolve`],
  ] as const)
    expect((await tove(method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
  const after = await scenario.snapshot();
  expect(after.alerts.filter(({ tenant }) => tenant === 'default')).toEqual(of('default'));
});
