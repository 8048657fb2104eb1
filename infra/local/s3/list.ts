import { AwsError } from '#infra/local/wire/error.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

import type { ObjectHead, ObjectStore } from './store.ts';

interface Page {
  objects: ObjectHead[];
  prefixes: string[];
  /** The last key or prefix of a page that has a successor. */
  next: string | undefined;
}

/** Lists keys in UTF-8 order, those with `delimiter` after the prefix rolled up into common prefixes. */
function collect(store: ObjectStore, bucket: string, query: Query): Page {
  const { prefix, delimiter, after, max } = query;
  const objects: ObjectHead[] = [];
  const prefixes: string[] = [];
  let from = after > prefix ? after : prefix;
  let exclusive = after !== '' && from === after;
  if (exclusive && delimiter !== '' && after.startsWith(prefix) && after.endsWith(delimiter))
    from = pastPrefix(after);
  let last: string | undefined;
  for (;;) {
    const batch = store.scan(bucket, from, exclusive, delimiter === '' ? max + 1 : 100);
    for (const head of batch) {
      if (!head.key.startsWith(prefix)) return { objects, prefixes, next: undefined };
      const cut = delimiter === '' ? -1 : head.key.indexOf(delimiter, prefix.length);
      const common = cut < 0 ? undefined : head.key.slice(0, cut + delimiter.length);
      if (common !== undefined && common === prefixes.at(-1)) continue;
      if (objects.length + prefixes.length === max) return { objects, prefixes, next: last };
      if (common === undefined) objects.push(head);
      else prefixes.push(common);
      last = common ?? head.key;
    }
    const end = batch.at(-1);
    if (!end) return { objects, prefixes, next: undefined };
    const open = prefixes.at(-1);
    from = open !== undefined && end.key.startsWith(open) ? pastPrefix(open) : end.key;
    exclusive = true;
  }
}

/** Sorts after every key with the prefix: no valid text has a higher code point. */
function pastPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

interface Query {
  prefix: string;
  delimiter: string;
  after: string;
  max: number;
}

/** Answers ListObjectsV2, and ListObjects where `list-type` is not 2. */
export function listObjects(
  store: ObjectStore,
  bucket: string,
  parameters: URLSearchParams,
): string {
  const second = parameters.get('list-type') === '2';
  const token = parameters.get('continuation-token');
  const max = Number(parameters.get('max-keys') ?? 1000);
  if (!Number.isInteger(max) || max < 0)
    throw new AwsError('InvalidArgument', 'max-keys is not a count');
  const query: Query = {
    prefix: parameters.get('prefix') ?? '',
    delimiter: parameters.get('delimiter') ?? '',
    after:
      (token === null ? undefined : Buffer.from(token, 'base64url').toString('utf8')) ??
      parameters.get(second ? 'start-after' : 'marker') ??
      '',
    max: Math.min(max, 1000),
  };
  const page: Page =
    query.max === 0
      ? { objects: [], prefixes: [], next: undefined }
      : collect(store, bucket, query);
  const encoding = parameters.get('encoding-type');
  const show = (text: string): string => (encoding === 'url' ? encodeUrl(text) : text);
  const next =
    page.next === undefined
      ? ''
      : second
        ? element('NextContinuationToken', Buffer.from(page.next).toString('base64url'))
        : element('NextMarker', show(page.next));
  return (
    element('Name', bucket) +
    element('Prefix', show(query.prefix)) +
    (query.delimiter === '' ? '' : element('Delimiter', show(query.delimiter))) +
    element('MaxKeys', query.max) +
    (second
      ? element('KeyCount', page.objects.length + page.prefixes.length) +
        element('ContinuationToken', token ?? undefined)
      : element('Marker', show(query.after))) +
    element('EncodingType', encoding ?? undefined) +
    element('IsTruncated', page.next !== undefined) +
    next +
    page.objects.map((head) => wrap('Contents', renderHead(head, show))).join('') +
    page.prefixes.map((prefix) => wrap('CommonPrefixes', element('Prefix', show(prefix)))).join('')
  );
}

function renderHead(head: ObjectHead, show: (text: string) => string): string {
  return (
    element('Key', show(head.key)) +
    element('LastModified', new Date(head.modified_at).toISOString()) +
    element('ETag', head.etag) +
    element('Size', head.size) +
    element('StorageClass', 'STANDARD')
  );
}

/** S3's url encoding keeps `/` as it is. */
function encodeUrl(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}
