import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { openScenario, type Scenario } from './harness.ts';
import { signIn } from './person.testing.ts';

const EXAMPLE = join(
  import.meta.dirname,
  '..',
  'rules',
  'example',
  'admin-policy-by-stranger.json',
);
const LOOKUP = '/v1/lookups/known-admins';
const arn = (name: string) => `arn:aws:sts::210987654321:assumed-role/Platform/${name}`;

let scenario: Scenario;
let ids = 0;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

/** A CloudTrail record as a log file has it: `name` makes a role administrator. */
async function makeAdmin(...names: string[]): Promise<void> {
  const records = names.map((name) => ({
    eventVersion: '1.11',
    eventID: `trail-${++ids}`,
    eventTime: new Date().toISOString(),
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachRolePolicy',
    recipientAccountId: '210987654321',
    userIdentity: { type: 'AssumedRole', arn: arn(name) },
    requestParameters: { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  }));
  const bytes = Buffer.from(JSON.stringify({ Records: records }));
  await scenario.put([{ bytes, partition_key: `p${ids}` }]);
  await scenario.settle();
}

async function strangers(): Promise<string[]> {
  const { alerts } = await scenario.snapshot();
  return alerts
    .filter(({ rule_id }) => rule_id === 'admin-policy-by-stranger')
    .map(({ group }) => group[1]!.split('/').at(-1)!)
    .sort();
}

it('detectors use the keys of a lookup table as they are replaced, and its removal is refused meanwhile', async () => {
  const ruth = await signIn(scenario.instance, 'ruth');
  const rule = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as object;
  const missing = await ruth('POST', '/v1/alerts/policies', rule);
  expect(missing.json).toMatchObject({ status: 400, issues: [{ path: 'pattern' }] });
  expect((await ruth('PUT', LOOKUP, [arn('mara')])).json).toMatchObject({ version: 1, size: 1 });
  expect((await ruth('POST', '/v1/alerts/policies', rule)).status).toBe(201);
  await makeAdmin('mara', 'kay');
  expect(await strangers()).toEqual(['kay']);

  await ruth('PUT', LOOKUP, [arn('lou'), arn('kay')]);
  await makeAdmin('mara', 'lou');
  expect(await strangers()).toEqual(['kay', 'mara']);

  expect((await ruth('DELETE', LOOKUP)).status).toBe(409);
  expect((await ruth('DELETE', '/v1/alerts/policies/admin-policy-by-stranger')).status).toBe(200);
  expect((await ruth('DELETE', LOOKUP)).status).toBe(200);
});
