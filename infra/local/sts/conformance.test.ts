import { afterAll, beforeAll, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';

import { createSts } from './sts.ts';

let server: ConformanceServer;
const clock = new LocalClock();

beforeAll(async () => {
  const sts = createSts({ clock });
  server = await startConformanceServer((request) => sts.handle(request));
});

afterAll(async () => {
  await server.close();
});

async function ask(fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Version: '2011-06-15', ...fields });
  return await (await fetch(server.url, { method: 'POST', body })).text();
}

it('AWS STS API Reference, GetCallerIdentity: account, ARN and user id', async () => {
  const answer = await ask({ Action: 'GetCallerIdentity' });
  expect(answer).toContain(
    '<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:user/local</Arn>',
  );
  expect(answer).toContain('<Account>000000000000</Account>');
});

it('AWS STS API Reference, AssumeRole: credentials with an expiration, or InvalidParameter', async () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/deploy';
  const answer = await ask({ Action: 'AssumeRole', RoleArn, RoleSessionName: 'me' });
  expect(answer).toMatch(/<Expiration>\d{4}-.*Z<\/Expiration>/);
  expect(answer).toContain(':assumed-role/deploy/me</Arn>');
  expect(await ask({ Action: 'AssumeRole' })).toContain('<Code>InvalidParameter</Code>');
});
