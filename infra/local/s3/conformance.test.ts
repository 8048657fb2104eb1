import { createHash } from 'node:crypto';
import { join } from 'node:path';

import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';

import { checksumOf } from './checksum.ts';
import { createS3 } from './s3.ts';
import type { S3 } from './s3.ts';

const clock = new LocalClock();
const scratch = makeScratch();
const Bucket = 'store';
let s3: S3;
let server: ConformanceServer;
let client: S3Client;

beforeAll(async () => {
  s3 = createS3({ directory: join(scratch.directory, 's3'), clock });
  server = await startConformanceServer((request) => s3.handle(request));
  client = new S3Client(server.client);
  await client.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  client.destroy();
  await server.close();
  await s3.close();
  clock.close();
  scratch.remove();
});

const put = (Key: string, Body: string | Uint8Array = 'x') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));

const status = (error: { $metadata?: { httpStatusCode?: number } }) =>
  error.$metadata?.httpStatusCode;

describe('Amazon S3 API Reference', () => {
  it('PutObject, GetObject, HeadObject: body, MD5 tag, content headers and metadata come back', async () => {
    const Body = Buffer.alloc(100_000, 'sentry');
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'archive/ü ä+1.gz',
        Body,
        ContentType: 'application/x-ndjson',
        ContentEncoding: 'gzip',
        CacheControl: 'no-store',
        Metadata: { shard: '0001' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'archive/ü ä+1.gz' }));
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Body)).toBe(true);
    expect(got.ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'archive/ü ä+1.gz' }));
    expect(head).toMatchObject({
      ContentLength: 100_000,
      ContentType: 'application/x-ndjson',
      ContentEncoding: 'gzip',
      CacheControl: 'no-store',
      Metadata: { shard: '0001' },
    });
  });

  it('Checking object integrity: trailing CRC32 in aws-chunked encoding is unwrapped and kept', async () => {
    const body = 'hello trailing checksum';
    const crc = checksumOf('crc32', Buffer.from(body));
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`;
    const send = (payload: string) =>
      fetch(`${server.url}/${Bucket}/chunked`, {
        method: 'PUT',
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-decoded-content-length': String(body.length),
          'x-amz-trailer': 'x-amz-checksum-crc32',
        },
        body: payload,
      });
    expect((await send(chunked)).status).toBe(200);
    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: 'chunked', ChecksumMode: 'ENABLED' }),
    );
    expect(await got.Body!.transformToString()).toBe(body);
    expect(got.ChecksumCRC32).toBe(crc);
    expect(got.ContentEncoding).toBeUndefined();
    const broken = await send(chunked.replace('hello', 'jello'));
    expect([broken.status, await broken.text()]).toEqual([
      400,
      expect.stringContaining('<Code>BadDigest</Code>'),
    ]);
  });

  it('Checking object integrity: every algorithm gives its published check value', () => {
    const digits = Buffer.from('123456789');
    const hex = (name: Parameters<typeof checksumOf>[0]) =>
      Buffer.from(checksumOf(name, digits), 'base64').toString('hex');
    expect(hex('crc32')).toBe('cbf43926');
    expect(hex('crc32c')).toBe('e3069283');
    expect(hex('crc64nvme')).toBe('ae8b14860a799888');
  });

  it('GetObject: byte ranges, and 416 past the end', async () => {
    await put('range', '0123456789');
    const read = async (Range: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
      return [await got.Body!.transformToString(), got.ContentRange];
    };
    expect(await read('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await read('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
    expect(await read('bytes=-2')).toEqual(['89', 'bytes 8-9/10']);
    await expect(read('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('Conditional reads: If-None-Match answers 304, a wrong If-Match 412', async () => {
    const { ETag } = await put('conditional');
    const read = (condition: { IfMatch?: string; IfNoneMatch?: string }) =>
      client.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...condition })).then(
        (got) => status(got),
        (error: unknown) => status(error as object),
      );
    expect(await read({ IfNoneMatch: ETag! })).toBe(304);
    expect(await read({ IfMatch: '"other"' })).toBe(412);
    expect(await read({ IfMatch: ETag! })).toBe(200);
  });

  it('Conditional writes: If-None-Match * lets one of two writers win', async () => {
    const write = (Body: string) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' })).then(
        () => 'won',
        (error: unknown) => (error as Error).name,
      );
    const outcomes = await Promise.all([write('a'), write('b')]);
    expect(outcomes.sort()).toEqual(['PreconditionFailed', 'won']);
  });

  it('ListObjectsV2: prefix, delimiter and pages of every size give every key once', async () => {
    const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/x/1', 'l/d/y', 'l/e f&<', 'l/ü'];
    for (const key of keys) await put(key);
    for (const MaxKeys of [1, 2, 3, 1000]) {
      for (const Delimiter of [undefined, '/']) {
        const found: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket,
              Prefix: 'l/',
              MaxKeys,
              Delimiter,
              ContinuationToken,
            }),
          );
          found.push(...(page.Contents ?? []).map((object) => object.Key!));
          found.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix!));
          expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken);
        const rolled = ['l/a', 'l/b/', 'l/c', 'l/d/', 'l/e f&<', 'l/ü'];
        expect(found.sort()).toEqual([...(Delimiter ? rolled : keys)].sort());
      }
    }
  });

  it('ListObjectsV2: start-after and encoding-type=url', async () => {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', StartAfter: 'l/d/y', EncodingType: 'url' }),
    );
    expect(page.Contents?.map((object) => object.Key)).toEqual(['l/e%20f%26%3C', 'l/%C3%BC']);
  });

  it('DeleteObject and DeleteObjects: what is not there counts as deleted', async () => {
    await put('d/1');
    await put('d/&2');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'd/none' }));
    const Objects = [{ Key: 'd/1' }, { Key: 'd/&2' }, { Key: 'd/none' }];
    const { Deleted } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted?.map((object) => object.Key)).toEqual(['d/1', 'd/&2', 'd/none']);
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'd/' }));
    expect(page.KeyCount).toBe(0);
  });

  it('Errors: NoSuchKey, NoSuchBucket, NotFound for HEAD, BucketNotEmpty, InvalidBucketName', async () => {
    const name = (run: Promise<unknown>) =>
      run.then(
        () => 'none',
        (error: unknown) => (error as Error).name,
      );
    expect(await name(client.send(new GetObjectCommand({ Bucket, Key: 'nope' })))).toBe(
      'NoSuchKey',
    );
    expect(await name(client.send(new GetObjectCommand({ Bucket: 'nope', Key: 'x' })))).toBe(
      'NoSuchBucket',
    );
    expect(await name(client.send(new HeadObjectCommand({ Bucket, Key: 'nope' })))).toBe(
      'NotFound',
    );
    expect(await name(client.send(new HeadBucketCommand({ Bucket: 'nope' })))).toBe('NotFound');
    expect(await name(client.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty');
    expect(await name(client.send(new CreateBucketCommand({ Bucket: 'Not_Valid' })))).toBe(
      'InvalidBucketName',
    );
  });

  it('CreateBucket, ListBuckets, GetBucketLocation, GetBucketVersioning, DeleteBucket', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toEqual(['short-lived', Bucket]);
    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint ?? '').toBe('');
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).toBeUndefined();
    await client.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    expect(s3.createBucket('short-lived')).toBe(true);
  });

  it('CopyObject: body and metadata move with it', async () => {
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'from', Body: 'same', Metadata: { a: 'b' } }),
    );
    await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from` }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'to' }));
    expect([await got.Body!.transformToString(), got.Metadata]).toEqual(['same', { a: 'b' }]);
  });

  it('Multipart upload: the parts are joined and the tag counts them', async () => {
    const Key = 'big';
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const Body = Buffer.alloc(50_000, String(PartNumber));
      const { ETag } = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
      );
      Parts.push({ PartNumber, ETag });
    }
    const input = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    const { ETag } = await client.send(new CompleteMultipartUploadCommand(input));
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const found = await s3.getObject(Bucket, Key);
    expect(found?.body.equals(Buffer.from('1'.repeat(50_000) + '2'.repeat(50_000)))).toBe(true);
  });

  it('Virtual hosting of buckets: the bucket may stand in the Host header', async () => {
    await put('hosted', 'here');
    for (const host of [
      `${Bucket}.localhost:4566`,
      `${Bucket}.127.0.0.1`,
      `${Bucket}.s3.localhost`,
    ]) {
      const request = {
        method: 'GET',
        path: '/hosted',
        query: new URLSearchParams(),
        headers: { host },
        body: Buffer.alloc(0),
        region: 'us-east-1',
      };
      const response = await s3.handle(request);
      expect([response.status, String(response.body)]).toEqual([200, 'here']);
    }
  });
});
