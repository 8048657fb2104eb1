import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { element, innerOf, unescapeXml, wrap } from '#infra/local/wire/xml.ts';

import type { Address } from './address.ts';
import { readPrecondition, writeCondition } from './condition.ts';
import { readPayload } from './payload.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

const KEPT = [
  'content-type',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
];

/** The headers an object keeps: its representation's and the user's metadata. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT.includes(name) || name.startsWith('x-amz-meta-')) kept[name] = value;
  }
  const codings = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim());
  const encoding = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',');
  return encoding === '' ? kept : { ...kept, 'content-encoding': encoding };
}

export async function putObject(
  store: ObjectStore,
  { bucket, key }: Address,
  request: AwsRequest,
  now: number,
): Promise<AwsResponse> {
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
  store.requireBucket(bucket);
  const { body, checksum } = readPayload(request);
  const object = { body, headers: keptHeaders(request.headers), checksum };
  const head = await store.write(bucket, key, object, now, writeCondition(request.headers));
  return { status: 200, headers: { etag: head.etag, ...checksumHeaders(head) }, body: '' };
}

/** GetObject and HeadObject. */
export async function getObject(
  store: ObjectStore,
  address: Address,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { bucket, key } = address;
  store.requireBucket(bucket);
  const found =
    request.method === 'HEAD' ? store.headOnly(bucket, key) : await store.read(bucket, key);
  if (!found) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  const { head, body } = found;
  const outcome = readPrecondition(head, request.headers);
  if (outcome === 304) return { status: 304, headers: describeHead(head), body: '' };
  if (outcome === 412) {
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { status: 412 },
    );
  }
  const headers = { ...describeHead(head), ...overrides(request.query) };
  const range = readRange(request.headers['range'], head.size);
  if (!range) {
    const checksum =
      request.headers['x-amz-checksum-mode'] === 'ENABLED' ? checksumHeaders(head) : {};
    return {
      status: 200,
      headers: { ...headers, ...checksum, 'content-length': String(head.size) },
      body,
    };
  }
  const [first, last] = range;
  const part = {
    'content-range': `bytes ${first}-${last}/${head.size}`,
    'content-length': String(last - first + 1),
  };
  return { status: 206, headers: { ...headers, ...part }, body: body.subarray(first, last + 1) };
}

export async function copyObject(
  store: ObjectStore,
  to: Address,
  request: AwsRequest,
  now: number,
): Promise<string> {
  const source = decodeURIComponent(request.headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
  const slash = source.indexOf('/');
  store.requireBucket(source.slice(0, slash));
  const found = await store.read(source.slice(0, slash), source.slice(slash + 1));
  if (!found) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  const replace = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  const headers = replace ? keptHeaders(request.headers) : found.head.headers;
  const object = { body: found.body, headers, checksum: found.head.checksum };
  const head = await store.write(to.bucket, to.key, object, now);
  return (
    element('LastModified', new Date(head.modified_at).toISOString()) + element('ETag', head.etag)
  );
}

/** DeleteObjects: keys that are not there count as deleted. */
export async function deleteObjects(
  store: ObjectStore,
  bucket: string,
  document: string,
): Promise<string> {
  store.requireBucket(bucket);
  const quiet = innerOf(document, 'Quiet')[0] === 'true';
  const keys = innerOf(document, 'Object').map((object) =>
    unescapeXml(innerOf(object, 'Key')[0] ?? ''),
  );
  if (keys.length === 0 || keys.length > 1000)
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed');
  for (const key of keys) await store.remove(bucket, key);
  return quiet ? '' : keys.map((key) => wrap('Deleted', element('Key', key))).join('');
}

function describeHead(head: ObjectHead): Record<string, string> {
  return {
    ...head.headers,
    etag: head.etag,
    'last-modified': new Date(head.modified_at).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

function checksumHeaders(head: ObjectHead): Record<string, string> {
  if (!head.checksum) return {};
  return {
    [`x-amz-checksum-${head.checksum.name}`]: head.checksum.value,
    'x-amz-checksum-type': 'FULL_OBJECT',
  };
}

function overrides(query: URLSearchParams): Record<string, string> {
  const names = [
    'content-type',
    'content-disposition',
    'content-encoding',
    'content-language',
    'cache-control',
    'expires',
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

/** One byte range, both ends inclusive; undefined for none or an unreadable one. Throws InvalidRange. */
function readRange(header: string | undefined, size: number): [number, number] | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last || (from === '' && to === '0')) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  }
  return [first, last];
}
