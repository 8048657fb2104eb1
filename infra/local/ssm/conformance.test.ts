import { join } from 'node:path';

import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';

import { createSsm } from './ssm.ts';
import type { Ssm } from './ssm.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let ssm: Ssm;
let server: ConformanceServer;
let client: SSMClient;

beforeAll(async () => {
  ssm = createSsm({ file: join(scratch.directory, 'ssm.sqlite'), clock });
  server = await startConformanceServer((request) => ssm.handle(request));
  client = new SSMClient(server.client);
});

afterAll(async () => {
  client.destroy();
  await server.close();
  await ssm.close();
  clock.close();
  scratch.remove();
});

describe('AWS Systems Manager API Reference', () => {
  it('PutParameter: a second write needs Overwrite and raises the version', async () => {
    const input = { Name: '/sentry/signing-key', Value: 'one', Type: 'SecureString' as const };
    expect((await client.send(new PutParameterCommand(input))).Version).toBe(1);
    await expect(client.send(new PutParameterCommand(input))).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
    });
    const again = { ...input, Value: 'two', Overwrite: true };
    expect((await client.send(new PutParameterCommand(again))).Version).toBe(2);
    expect(ssm.getParameter('/sentry/signing-key')).toBe('two');
  });

  it('GetParameter: a SecureString opens only WithDecryption; an unknown name is ParameterNotFound', async () => {
    ssm.putParameter('/sentry/secret', 'hidden');
    const Name = '/sentry/secret';
    const open = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect(open.Parameter).toMatchObject({ Value: 'hidden', Type: 'SecureString', Version: 1 });
    const sealed = await client.send(new GetParameterCommand({ Name }));
    expect(sealed.Parameter?.Value).not.toContain('hidden');
    await expect(client.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('GetParameters: unknown names are listed, not refused', async () => {
    ssm.putParameter('/sentry/plain', 'v', 'String');
    const answer = await client.send(
      new GetParametersCommand({ Names: ['/sentry/plain', '/none'] }),
    );
    expect(answer.Parameters?.map((parameter) => parameter.Value)).toEqual(['v']);
    expect(answer.InvalidParameters).toEqual(['/none']);
  });

  it('GetParametersByPath: one level or all, ten a page', async () => {
    for (let index = 10; index < 22; index++) ssm.putParameter(`/page/${index}`, 'v', 'String');
    ssm.putParameter('/page/deep/er', 'v', 'String');
    const first = await client.send(new GetParametersByPathCommand({ Path: '/page' }));
    const { NextToken } = first;
    const second = await client.send(new GetParametersByPathCommand({ Path: '/page', NextToken }));
    expect([first.Parameters?.length, second.Parameters?.length]).toEqual([10, 2]);
    const deep = await client.send(new GetParametersByPathCommand({ Path: '/page/deep/' }));
    expect(deep.Parameters?.map((parameter) => parameter.Name)).toEqual(['/page/deep/er']);
  });

  it('DescribeParameters names without values; DeleteParameter twice is ParameterNotFound', async () => {
    ssm.putParameter('/gone/soon', 'secret');
    const filter = { Key: 'Name', Option: 'BeginsWith', Values: ['/gone'] };
    const described = await client.send(
      new DescribeParametersCommand({ ParameterFilters: [filter] }),
    );
    expect(described.Parameters?.map((parameter) => parameter.Name)).toEqual(['/gone/soon']);
    expect(JSON.stringify(described.Parameters)).not.toContain('secret');
    await client.send(new DeleteParameterCommand({ Name: '/gone/soon' }));
    await expect(
      client.send(new DeleteParameterCommand({ Name: '/gone/soon' })),
    ).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});
