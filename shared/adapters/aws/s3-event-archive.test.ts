import { join } from 'node:path';

import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import {
  type ConformanceServer,
  makeScratch,
  startConformanceServer,
} from '#infra/local/conformance-server.ts';
import { createS3, type S3 } from '#infra/local/s3/s3.ts';
import { eventArchiveContract } from '#shared/testing/event-archive-contract.ts';

import { createS3EventArchive } from './s3-event-archive.ts';

const scratch = makeScratch();
let s3: S3;
let server: ConformanceServer;
let client: S3Client;
let opened = 0;

beforeAll(async () => {
  s3 = createS3({ directory: join(scratch.directory, 's3'), clock: new LocalClock() });
  server = await startConformanceServer((request) => s3.handle(request));
  client = new S3Client(server.client);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await s3.close();
  scratch.remove();
});

eventArchiveContract('S3', async () => {
  const Bucket = `archive-${++opened}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  return createS3EventArchive(client, Bucket);
});

describe('an archive in S3', () => {
  const mocked = new S3Client({ region: 'us-east-1' });
  const mock = mockClient(mocked);
  const archive = createS3EventArchive(mocked, 'store');

  it('is listed page after page', async () => {
    mock
      .on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [{ Key: 'a' }], IsTruncated: true, NextContinuationToken: 'next' })
      .resolvesOnce({ Contents: [{ Key: 'b' }], IsTruncated: false });
    const pages: (readonly string[])[] = [];
    for await (const page of archive.list('p/')) pages.push(page);
    expect(pages).toEqual([['a'], ['b']]);
    expect(mock.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input)).toEqual([
      { Bucket: 'store', Prefix: 'p/' },
      { Bucket: 'store', Prefix: 'p/', ContinuationToken: 'next' },
    ]);
  });

  it('that is throttled is unavailable, by name', async () => {
    const slow = { name: 'SlowDown', $fault: 'server' as const, message: '', $metadata: {} };
    mock.on(GetObjectCommand).rejects(new S3ServiceException(slow));
    await expect(archive.get('a')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The archive cannot be read: SlowDown.',
    });
  });
});
