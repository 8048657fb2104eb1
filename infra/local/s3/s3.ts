import { randomUUID } from 'node:crypto';

import type { LocalClock } from '#infra/local/clock.ts';
import type { AwsRequest, AwsResponse, AwsService } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { asAwsError } from '#infra/local/wire/json.ts';
import { element } from '#infra/local/wire/xml.ts';

import { readAddress } from './address.ts';
import type { Address } from './address.ts';
import { answerBucket, checkBucketName, listBuckets } from './bucket.ts';
import { document, xml } from './document.ts';
import { Multipart } from './multipart.ts';
import { copyObject, getObject, putObject } from './object.ts';
import { ObjectStore } from './store.ts';
import type { ObjectHead } from './store.ts';

export interface S3 extends AwsService {
  /** True when the bucket was not there before. */
  createBucket(name: string): boolean;
  /** For the parts that serve objects without the S3 protocol; undefined when there is none. */
  getObject(bucket: string, key: string): Promise<{ head: ObjectHead; body: Buffer } | undefined>;
  /** Header names in lower case; throws NoSuchBucket. */
  putObject(
    bucket: string,
    key: string,
    body: Buffer | string,
    headers?: Record<string, string>,
  ): Promise<ObjectHead>;
  deleteObject(bucket: string, key: string): Promise<void>;
}

/** Amazon S3 in a directory: REST XML, path and virtual-hosted style, no versions. */
export function createS3({ directory, clock }: { directory: string; clock: LocalClock }): S3 {
  const store = new ObjectStore(directory);
  const multipart = new Multipart(directory, store);

  async function answerObject(address: Address, request: AwsRequest): Promise<AwsResponse> {
    const { method, query } = request;
    if (
      query.has('tagging') ||
      query.has('acl') ||
      query.has('retention') ||
      query.has('legal-hold')
    ) {
      return method === 'GET'
        ? xml(200, '<Tagging><TagSet/></Tagging>')
        : { status: 200, headers: {}, body: '' };
    }
    const upload = query.has('uploadId');
    if (method === 'POST' && query.has('uploads')) {
      return document('InitiateMultipartUploadResult', await multipart.create(address, request));
    }
    if (method === 'POST' && upload) {
      return document(
        'CompleteMultipartUploadResult',
        await multipart.complete(address, request, clock.now()),
      );
    }
    if (method === 'PUT' && upload) return await multipart.putPart(request);
    if (method === 'PUT' && request.headers['x-amz-copy-source'] !== undefined) {
      return document('CopyObjectResult', await copyObject(store, address, request, clock.now()));
    }
    if (method === 'PUT') return await putObject(store, address, request, clock.now());
    if (method === 'GET' || method === 'HEAD') return await getObject(store, address, request);
    if (method !== 'DELETE') throw notAllowed();
    if (upload) await multipart.abort(request);
    else {
      store.requireBucket(address.bucket);
      await store.remove(address.bucket, address.key);
    }
    return { status: 204, headers: {}, body: '' };
  }

  async function answer(request: AwsRequest): Promise<AwsResponse> {
    const address = readAddress(request);
    if (address.key !== '') return await answerObject(address, request);
    if (address.bucket !== '')
      return await answerBucket(store, address.bucket, request, clock.now());
    if (request.method !== 'GET') throw notAllowed();
    return document('ListAllMyBucketsResult', listBuckets(store));
  }

  return {
    createBucket: (name) => {
      checkBucketName(name);
      return store.createBucket(name, clock.now());
    },
    getObject: (bucket, key) => store.read(bucket, key),
    putObject: (bucket, key, body, headers = {}) =>
      store.write(
        bucket,
        key,
        { body: Buffer.from(body), headers: { 'content-type': 'binary/octet-stream', ...headers } },
        clock.now(),
      ),
    deleteObject: (bucket, key) => store.remove(bucket, key),
    async handle(request) {
      const id = randomUUID();
      try {
        const response = await answer(request);
        return { ...response, headers: { 'x-amz-request-id': id, ...response.headers } };
      } catch (error) {
        return refuse(asAwsError(error), request, id);
      }
    },
    close: () => Promise.resolve(store.close()),
  };
}

function refuse(error: AwsError, request: AwsRequest, id: string): AwsResponse {
  const inner =
    element('Code', error.code) +
    element('Message', error.message) +
    element('Resource', request.path) +
    element('RequestId', id);
  const response = xml(error.status, `<Error>${inner}</Error>`);
  return {
    ...response,
    headers: { ...response.headers, 'x-amz-request-id': id },
    body: request.method === 'HEAD' ? '' : response.body,
  };
}

function notAllowed(): AwsError {
  return new AwsError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { status: 405 },
  );
}
