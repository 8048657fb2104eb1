import type { AwsRequest } from '#infra/local/service.ts';

/** Bucket and key a request names; both empty for the service itself. */
export interface Address {
  bucket: string;
  key: string;
}

/**
 * Virtual-hosted style when the Host is `<bucket>.localhost`, `<bucket>.127.0.0.1` or either with
 * `s3.` in between; path style otherwise. Source: Amazon S3 User Guide, "Virtual hosting of buckets".
 */
export function readAddress(request: AwsRequest): Address {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase();
  const [, bucket] = /^(.+?)\.(?:s3\.)?(?:localhost|127\.0\.0\.1)$/.exec(host) ?? [];
  const path = request.path.slice(1);
  if (bucket !== undefined && bucket !== 's3') return { bucket, key: path };
  const slash = path.indexOf('/');
  return slash < 0
    ? { bucket: path, key: '' }
    : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
