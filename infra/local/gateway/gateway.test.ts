import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '#infra/local/instance.ts';
import { STREAM } from '#infra/topology.ts';

let home: string;
let instance: Instance;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-gateway-'));
  instance = await startInstance({ port: 0, home, functions: false });
  settings = {
    endpoint: instance.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'anything', secretAccessKey: 'goes' },
  };
});
afterAll(async () => {
  await instance.stop();
  rmSync(home, { recursive: true });
});

function records(count: number, bytes: number) {
  const Data = new Uint8Array(bytes).fill(65);
  return Array.from({ length: count }, (_, index) => ({ PartitionKey: String(index), Data }));
}

/** Status of a request whose Host header is chosen freely, which fetch does not allow. */
function statusFor(host: string, path = '/_local/health'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: instance.port, path, headers: { host } };
    httpRequest(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

describe('the gateway: one port for every protocol', () => {
  it('serves the default Kinesis client, which speaks HTTP/2 with prior knowledge (RFC 9113 §3.3)', async () => {
    const client = new KinesisClient(settings);
    const input = { StreamName: 'sentry-events', Records: records(100, 40_000) };
    const answer = await client.send(new PutRecordsCommand(input));
    expect(answer.FailedRecordCount).toBe(0);
    expect(client.config.requestHandler.metadata?.handlerProtocol).toBe('h2');
    client.destroy();
  });

  it('serves HTTP/1.1 clients on the same port at the same time', async () => {
    const secret = new GetParameterCommand({ Name: '/sentry/signing-key', WithDecryption: true });
    const [tables, answer] = await Promise.all([
      new DynamoDBClient(settings).send(new ListTablesCommand({})),
      new SSMClient(settings).send(secret),
    ]);
    expect(tables.TableNames).toContain('sentry-work');
    expect(answer.Parameter?.Value).toMatch(/^[0-9a-f]{64}$/);
  });

  it('reads an HTTP/2 request over many frames and answers streams in parallel', async () => {
    const client = new KinesisClient(settings);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.send(new ListShardsCommand({ StreamName: 'sentry-events' })),
      ),
    );
    expect(new Set(answers.map(({ Shards }) => Shards?.length))).toEqual(new Set([STREAM.shards]));
    client.destroy();
  });

  it('takes virtual-hosted S3 addresses (S3 user guide, "Virtual hosting of buckets")', async () => {
    const endpoint = `http://localhost:${instance.port}`;
    const client = new S3Client({ ...settings, endpoint, forcePathStyle: true });
    await client.send(new PutObjectCommand({ Bucket: 'sentry-store', Key: 'a/b', Body: 'x' }));
    const authorization =
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'sentry-store' }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['a/b']);
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { host: `sentry-store.localhost:${instance.port}`, authorization };
      httpRequest({ host: '127.0.0.1', port: instance.port, path: '/a/b', headers }, (response) => {
        response.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      })
        .on('error', reject)
        .end();
    });
    expect(body).toBe('x');
  });

  it('answers 413 to a body over 20 MB and lives on', async () => {
    const body = new Uint8Array(21 * 1024 * 1024);
    const answer = await fetch(`${instance.url}/v1/events`, { method: 'POST', body });
    expect(answer.status).toBe(413);
    expect((await fetch(`${instance.url}/_local/health`)).status).toBe(200);
  });

  it('refuses a Host that is not this machine, against DNS rebinding', async () => {
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor('127.0.0.1.evil.example')).toBe(403);
    expect(await statusFor('localhost@evil.example')).toBe(403);
    expect(await statusFor(`localhost:${instance.port}`)).toBe(200);
    expect(await statusFor('[::1]:1')).toBe(200);
  });

  it('refuses AWS calls and /_local from pages of other sites', async () => {
    const headers = { origin: 'https://evil.example' };
    const calls = [
      fetch(`${instance.url}/_local/clock`, { method: 'POST', headers, body: '{}' }),
      fetch(`${instance.url}/?Action=ListTopics&Version=2010-03-31`, { headers }),
      fetch(instance.url, {
        method: 'POST',
        headers: { ...headers, 'x-amz-target': 'DynamoDB_20120810.ListTables' },
        body: '{}',
      }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(403);
  });

  it('routes unsigned requests by X-Amz-Target and by Action', async () => {
    const target = { 'x-amz-target': 'Kinesis_20131202.ListStreams' };
    const json = await fetch(instance.url, { method: 'POST', headers: target, body: '{}' });
    expect(await json.json()).toMatchObject({ StreamNames: ['sentry-events'] });
    const form = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const query = await fetch(instance.url, { method: 'POST', body: form });
    expect(await query.text()).toContain('<Account>000000000000</Account>');
  });

  it('names a service that is not there', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
    const answer = await fetch(instance.url, { method: 'POST', headers: { authorization } });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain('\\"iam\\"');
  });

  it('survives a client that speaks neither, and one that leaves in the middle', async () => {
    const session = connect(instance.url);
    const stream = session.request({ ':method': 'POST', ':path': '/v1/events' });
    stream.on('error', () => undefined);
    stream.write('half');
    session.destroy();
    const { Socket } = await import('node:net');
    const socket = new Socket().connect(instance.port, '127.0.0.1');
    socket.end('PRI * HTTP/1.0\r\n\r\n\u0000\u0001');
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect((await fetch(`${instance.url}/_local/health`)).status).toBe(200);
  });
});

const run = promisify(execFile);
const hasAwsCli = await run('aws', ['--version']).then(
  () => true,
  () => false,
);

describe.skipIf(!hasAwsCli)('the AWS command line, unmodified', () => {
  it('puts records and reads the caller back', async () => {
    const { NODE_OPTIONS: _, ...environment } = process.env;
    const env = {
      ...environment,
      AWS_ENDPOINT_URL: instance.url,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const put = await run(
      'aws',
      [
        'kinesis',
        'put-records',
        '--stream-name',
        'sentry-events',
        '--records',
        'Data=e30=,PartitionKey=a',
        'Data=e30=,PartitionKey=b',
      ],
      { env },
    );
    expect(JSON.parse(put.stdout)).toMatchObject({ FailedRecordCount: 0 });
  });
});
