import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { element, innerOf, unescapeXml } from '#infra/local/wire/xml.ts';

import type { Address } from './address.ts';
import { keptHeaders } from './object.ts';
import { readPayload } from './payload.ts';
import type { ObjectStore } from './store.ts';

/** Multipart uploads: a directory per upload, a file per part (`<number>-<md5>`), joined on completion. */
export class Multipart {
  readonly #directory: string;
  readonly #store: ObjectStore;

  constructor(directory: string, store: ObjectStore) {
    this.#directory = join(directory, 'uploads');
    this.#store = store;
    mkdirSync(this.#directory, { recursive: true });
  }

  async create({ bucket, key }: Address, request: AwsRequest): Promise<string> {
    this.#store.requireBucket(bucket);
    const id = randomUUID();
    await mkdir(join(this.#directory, id));
    await writeFile(
      join(this.#directory, id, 'headers.json'),
      JSON.stringify(keptHeaders(request.headers)),
    );
    return element('Bucket', bucket) + element('Key', key) + element('UploadId', id);
  }

  async putPart(request: AwsRequest): Promise<AwsResponse> {
    const directory = this.#upload(request.query);
    const number = Number(request.query.get('partNumber'));
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      throw new AwsError(
        'InvalidArgument',
        'Part number must be an integer between 1 and 10000, inclusive',
      );
    }
    const { body } = readPayload(request);
    const md5 = createHash('md5').update(body).digest('hex');
    const path = join(directory, `${number}-${md5}`);
    try {
      await writeFile(`${path}.part`, body);
      await rename(`${path}.part`, path);
    } catch {
      throw noSuchUpload();
    }
    return { status: 200, headers: { etag: `"${md5}"` }, body: '' };
  }

  /** The object's tag is the MD5 of the parts' MD5s and their number (S3 User Guide, "Checking object integrity"). */
  async complete({ bucket, key }: Address, request: AwsRequest, now: number): Promise<string> {
    const directory = this.#upload(request.query);
    const document = request.body.toString('utf8');
    const parts = innerOf(document, 'Part').map((part) => ({
      number: innerOf(part, 'PartNumber')[0] ?? '',
      md5: unescapeXml(innerOf(part, 'ETag')[0] ?? '').replaceAll('"', ''),
    }));
    const files = new Set(await readdir(directory).catch(() => Promise.reject(noSuchUpload())));
    if (parts.length === 0 || parts.some((part) => !files.has(`${part.number}-${part.md5}`))) {
      throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
    }
    const bodies: Buffer[] = [];
    for (const part of parts)
      bodies.push(await readFile(join(directory, `${part.number}-${part.md5}`)));
    const digest = createHash('md5')
      .update(parts.map((part) => part.md5).join(''), 'hex')
      .digest('hex');
    const headers = JSON.parse(await readFile(join(directory, 'headers.json'), 'utf8')) as Record<
      string,
      string
    >;
    const object = { body: Buffer.concat(bodies), headers, etag: `"${digest}-${parts.length}"` };
    const head = await this.#store.write(bucket, key, object, now);
    await rm(directory, { recursive: true, force: true });
    return element('Bucket', bucket) + element('Key', key) + element('ETag', head.etag);
  }

  async abort(request: AwsRequest): Promise<void> {
    await rm(this.#upload(request.query), { recursive: true, force: true });
  }

  #upload(query: URLSearchParams): string {
    const id = query.get('uploadId') ?? '';
    if (!/^[0-9a-f-]{36}$/.test(id)) throw noSuchUpload();
    return join(this.#directory, id);
  }
}

function noSuchUpload(): AwsError {
  return new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', {
    status: 404,
  });
}
