import { AwsError } from '#infra/local/wire/error.ts';

import type { ObjectHead, WriteCondition } from './store.ts';

type Headers = Readonly<Record<string, string>>;

/** What a conditional read comes to (RFC 9110 §13.2.2): undefined means go on. */
export function readPrecondition(head: ObjectHead, headers: Headers): 304 | 412 | undefined {
  const ifMatch = headers['if-match'];
  const unmodifiedSince = headers['if-unmodified-since'];
  const modifiedSecond = Math.floor(head.modified_at / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!names(ifMatch, head.etag)) return 412;
  } else if (unmodifiedSince !== undefined && modifiedSecond > Date.parse(unmodifiedSince))
    return 412;
  const ifNoneMatch = headers['if-none-match'];
  const modifiedSince = headers['if-modified-since'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, head.etag) ? 304 : undefined;
  return modifiedSince !== undefined && modifiedSecond <= Date.parse(modifiedSince)
    ? 304
    : undefined;
}

/** Conditional writes: `If-None-Match: *` and `If-Match: <etag>` (S3 User Guide, "Conditional requests"). */
export function writeCondition(headers: Headers): WriteCondition | undefined {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return (current) => {
    if (ifNoneMatch !== undefined && current && names(ifNoneMatch, current.etag)) throw failed();
    if (ifMatch === undefined) return;
    if (!current)
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
    if (!names(ifMatch, current.etag)) throw failed();
  };
}

/** Is the tag among those listed? `*` names every one; quotes may be missing. */
function names(list: string, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return list.split(',').some((tag) => bare(tag) === '*' || bare(tag) === bare(etag));
}

function failed(): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { status: 412 },
  );
}
