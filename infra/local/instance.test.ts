import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '#infra/local/instance.ts';
import { clearHome } from '#infra/local/instance/clear.ts';
import { StartRefused } from '#infra/local/instance/refused.ts';
import { uploadDashboard } from '#infra/local/site/upload.ts';

let home: string;
const running: Instance[] = [];

async function start(options: { home?: string; port?: number } = {}): Promise<Instance> {
  const instance = await startInstance({ port: 0, home, functions: false, ...options });
  running.push(instance);
  return instance;
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sentry-instance-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((instance) => instance.stop()));
  rmSync(home, { recursive: true, force: true });
});

function settings({ url }: Instance) {
  return {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

describe('a local instance', () => {
  it('keeps everything that was answered when it is killed', async () => {
    const first = await start();
    const kinesis = new KinesisClient(settings(first));
    const put = await kinesis.send(
      new PutRecordCommand({
        StreamName: 'sentry-events',
        PartitionKey: 'a',
        Data: Buffer.from('kept'),
      }),
    );
    const Item = { pk: { S: 'T#default#X' }, sk: { S: 'X' }, n: { N: '1' } };
    await new DynamoDBClient(settings(first)).send(
      new PutItemCommand({ TableName: 'sentry-work', Item }),
    );
    const token = await first.oidc.issueToken('rosa');
    const secret = first.services.ssm.getParameter('/sentry/signing-key');
    await first.kill();
    kinesis.destroy();

    const second = await start({ port: first.port });
    const again = new KinesisClient(settings(second));
    const { ShardIterator } = await again.send(
      new GetShardIteratorCommand({
        StreamName: 'sentry-events',
        ShardId: put.ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await again.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map(({ Data }) => Buffer.from(Data!).toString())).toEqual(['kept']);
    const { pk, sk } = Item;
    const got = await new DynamoDBClient(settings(second)).send(
      new GetItemCommand({ TableName: 'sentry-work', Key: { pk, sk } }),
    );
    expect(got.Item).toEqual(Item);
    expect(second.services.ssm.getParameter('/sentry/signing-key')).toBe(secret);
    expect(second.oidc.producer).toEqual(first.oidc.producer);
    const answer = await fetch(`${second.url}/v1/me`, {
      headers: { authorization: `Bearer ${token!.access_token}` },
    });
    expect(answer.status).not.toBe(401);
    again.destroy();
  });

  it('keeps a moved clock over a restart', async () => {
    const first = await start();
    const moved = await fetch(`${first.url}/_local/clock`, {
      method: 'POST',
      body: '{"advance_seconds": 7200}',
    });
    expect(await moved.json()).toMatchObject({ clock_offset: 7200 });
    await first.stop();
    expect((await start()).clock.offsetMs).toBe(7_200_000);
  });

  it('never shares a home, and takes over the lock of a dead process', async () => {
    const first = await start();
    await expect(startInstance({ port: 0, home, functions: false })).rejects.toBeInstanceOf(
      StartRefused,
    );
    expect(() => clearHome(home)).toThrow(StartRefused);
    await first.stop();
    writeFileSync(join(home, 'lock.json'), '{"pid":2147483646}');
    await start();
  });

  it('frees its lock when the port is taken', async () => {
    const first = await start();
    const other = join(home, 'other');
    const taken = startInstance({ port: first.port, home: other, functions: false });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(join(other, 'lock.json'))).toBe(false);
  });

  it('runs beside another one without seeing its data', async () => {
    const [one, two] = await Promise.all([
      start({ home: join(home, '1') }),
      start({ home: join(home, '2') }),
    ]);
    one.services.sqs.send('sentry-timers', [{ body: 'x' }]);
    expect(two.services.sqs.depth('sentry-timers')).not.toEqual(
      one.services.sqs.depth('sentry-timers'),
    );
    const token = await one.oidc.issueToken('rosa');
    const answer = await fetch(`${two.url}/v1/me`, {
      headers: { authorization: `Bearer ${token!.access_token}` },
    });
    expect(answer.status).toBe(401);
  });

  it('clears a home, but no directory that is none', async () => {
    await (await start()).stop();
    clearHome(home);
    expect(existsSync(join(home, 'kinesis.sqlite'))).toBe(false);
    writeFileSync(join(home, 'thesis.txt'), 'years of work');
    expect(() => clearHome(home)).toThrow(StartRefused);
    expect(existsSync(join(home, 'thesis.txt'))).toBe(true);
  });

  it('gives every shipped channel the secret that leads to its own receivers', async () => {
    const { services, url } = await start();
    const receivers = `${url}/_local/receivers`;
    const secret = (id: string) => services.ssm.getParameter(`/sentry/channel/${id}`);
    expect(secret('slack-ops')).toContain(receivers);
    expect(JSON.parse(secret('webhook-audit')!)).toMatchObject({
      url: expect.stringContaining(receivers) as string,
    });
  });
});

describe('the local routes', () => {
  it('says when it is ready, and gives demo tokens', async () => {
    const { url } = await start();
    const health = await fetch(`${url}/_local/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', clock_offset: 0 });
    const known = await fetch(`${url}/_local/token`, { method: 'POST', body: '{"user":"tove"}' });
    expect(await known.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const unknown = await fetch(`${url}/_local/token`, { method: 'POST', body: '{"user":"x"}' });
    expect(unknown.status).toBe(404);
    const broken = await fetch(`${url}/_local/token`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
  });

  it('cuts the connection where a receiver was told to', async () => {
    const { url } = await start();
    const fault = { receiver: { receiver: 'slack', reset: true, remaining: 1 } };
    await fetch(`${url}/_local/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const post = () =>
      fetch(`${url}/_local/receivers/slack/ops`, { method: 'POST', body: '{"text":"x"}' });
    await expect(post()).rejects.toThrow();
    expect((await post()).status).toBe(200);
  });
});

describe('the dashboard site', () => {
  it('explains itself while nothing is built', async () => {
    const { url } = await start();
    const page = await fetch(`${url}/alerts`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('not built');
  });

  it('serves the page for client routes, assets for a year, and 404 for missing files', async () => {
    const instance = await start();
    const built = join(home, 'built');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(built, 'assets'), { recursive: true });
    writeFileSync(join(built, 'index.html'), '<!doctype html>');
    writeFileSync(join(built, 'assets', 'main-1a2b.js'), 'export {}');
    expect(await uploadDashboard(instance.services.s3, built)).toBe(2);
    const get = (path: string, headers = {}) => fetch(`${instance.url}${path}`, { headers });

    const page = await get('/alerts/abc?state=open');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const asset = await get('/assets/main-1a2b.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    const etag = asset.headers.get('etag')!;
    expect((await get('/assets/main-1a2b.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/assets/gone.js')).status).toBe(404);
    expect((await fetch(instance.url, { method: 'POST' })).status).toBe(405);
  });

  it('leads every other name of this machine to the one origin', async () => {
    const { port, url } = await start();
    const page = `http://localhost:${port}/alerts?state=open`;
    const answer = await fetch(page, { redirect: 'manual' });
    expect(answer.status).toBe(307);
    expect(answer.headers.get('location')).toBe(`${url}/alerts?state=open`);
  });

  it('tells the dashboard where everything is, never cached', async () => {
    const { url, port } = await start();
    const config = await fetch(`${url}/config.json`);
    expect(config.headers.get('cache-control')).toBe('no-store');
    expect(await config.json()).toEqual({
      api: url,
      live: `ws://127.0.0.1:${port}/live`,
      issuer: `${url}/oidc`,
      client_id: 'sentry-dashboard',
      build: '0.1.0',
      environment: 'local',
      stream: 'sentry-events',
      region: 'us-east-1',
      token_url: `${url}/oidc/token`,
      producer_client: 'sentry-producer',
      endpoint: url,
    });
  });
});
