import { LOCAL_REGION } from '#infra/local/service.ts';
import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

import { document } from './document.ts';
import { listObjects } from './list.ts';
import { deleteObjects } from './object.ts';
import type { ObjectStore } from './store.ts';

/** Configurations that are taken and forgotten, with the code S3 gives for one that was never set. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  cors: 'NoSuchCORSConfiguration',
  encryption: 'ServerSideEncryptionConfigurationNotFoundError',
  lifecycle: 'NoSuchLifecycleConfiguration',
  'object-lock': 'ObjectLockConfigurationNotFoundError',
  ownershipControls: 'OwnershipControlsNotFoundError',
  policy: 'NoSuchBucketPolicy',
  publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
  tagging: 'NoSuchTagSet',
  website: 'NoSuchWebsiteConfiguration',
};

/** Every request whose address is a bucket. */
export async function answerBucket(
  store: ObjectStore,
  bucket: string,
  request: AwsRequest,
  now: number,
): Promise<AwsResponse> {
  const { method, query } = request;
  const configuration = Object.keys(CONFIGURATIONS).find((name) => query.has(name));
  if (configuration) return configure(store, bucket, method, configuration);
  if (
    method === 'PUT' &&
    (query.has('versioning') || query.has('acl') || query.has('notification'))
  ) {
    store.requireBucket(bucket);
    return empty(200);
  }
  if (method === 'PUT') return create(store, bucket, now);
  store.requireBucket(bucket);
  if (method === 'HEAD')
    return { status: 200, headers: { 'x-amz-bucket-region': LOCAL_REGION }, body: '' };
  if (method === 'DELETE') {
    store.removeBucket(bucket);
    return empty(204);
  }
  if (method === 'POST' && query.has('delete')) {
    return document(
      'DeleteResult',
      await deleteObjects(store, bucket, request.body.toString('utf8')),
    );
  }
  if (method !== 'GET')
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed.', { status: 405 });
  // us-east-1 is the empty constraint.
  if (query.has('location')) return document('LocationConstraint', '');
  if (query.has('versioning')) return document('VersioningConfiguration', '');
  return document('ListBucketResult', listObjects(store, bucket, query));
}

/** 3–63 lower-case letters, digits, dots and hyphens (S3 User Guide, "Bucket naming rules"). */
export function checkBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
}

function create(store: ObjectStore, bucket: string, now: number): AwsResponse {
  checkBucketName(bucket);
  // In us-east-1 S3 answers 200 to the owner who creates a bucket again.
  store.createBucket(bucket, now);
  return { status: 200, headers: { location: `/${bucket}` }, body: '' };
}

function configure(store: ObjectStore, bucket: string, method: string, name: string): AwsResponse {
  store.requireBucket(bucket);
  if (method !== 'GET') return empty(method === 'DELETE' ? 204 : 200);
  throw new AwsError(CONFIGURATIONS[name]!, `The ${name} configuration does not exist`, {
    status: 404,
  });
}

export function listBuckets(store: ObjectStore): string {
  const rows = store
    .buckets()
    .map((bucket) =>
      wrap(
        'Bucket',
        element('Name', bucket.name) +
          element('CreationDate', new Date(bucket.created_at).toISOString()),
      ),
    );
  return wrap('Owner', element('ID', 'local')) + wrap('Buckets', rows.join(''));
}

function empty(status: number): AwsResponse {
  return { status, headers: {}, body: '' };
}
