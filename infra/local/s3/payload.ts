import { createHash } from 'node:crypto';

import type { AwsRequest } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';

import { CHECKSUMS, checksumOf } from './checksum.ts';
import type { ChecksumName } from './checksum.ts';

export interface Payload {
  body: Buffer;
  /** The checksum the client sent, verified. */
  checksum?: { name: ChecksumName; value: string };
}

/**
 * The body of a PutObject or UploadPart: unwraps aws-chunked encoding and verifies Content-MD5 and
 * the checksum, sent as header or as trailer. Throws IncompleteBody, BadDigest or InvalidRequest.
 * Source: Amazon S3 API Reference, "Signature calculations … including trailing headers".
 */
export function readPayload(request: AwsRequest): Payload {
  const streaming = (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const chunked = /\baws-chunked\b/.test(request.headers['content-encoding'] ?? '');
  const { body, trailers } =
    streaming || chunked ? unchunk(request.body) : { body: request.body, trailers: {} };
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.length) throw incomplete();

  const md5 = request.headers['content-md5'];
  if (md5 && createHash('md5').update(body).digest('base64') !== md5) {
    throw new AwsError(
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    );
  }
  const sent: Record<string, string> = { ...request.headers, ...trailers };
  for (const name of CHECKSUMS) {
    const value = sent[`x-amz-checksum-${name}`];
    if (value === undefined) continue;
    if (checksumOf(name, body) !== value) {
      throw new AwsError(
        'BadDigest',
        `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    }
    return { body, checksum: { name, value } };
  }
  return { body };
}

function unchunk(encoded: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = encoded.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const [size = ''] = encoded.toString('latin1', at, end).split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw incomplete();
    const length = Number.parseInt(size, 16);
    at = end + 2;
    if (length === 0) break;
    if (at + length + 2 > encoded.length) throw incomplete();
    parts.push(encoded.subarray(at, at + length));
    at += length + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of encoded.toString('latin1', at).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0)
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(parts), trailers };
}

function incomplete(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );
}
