import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { AwsRequest } from '#infra/local/service.ts';

/** Both HTTP versions, through the API they share. */
export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** A request read whole, with what a web API needs beside the AWS protocols. */
export interface WebRequest extends AwsRequest {
  /** Path and query exactly as sent, still percent-encoded. */
  rawPath: string;
  rawQuery: string;
  sourceIp: string;
  /** `Host` or `:authority`, with the port. */
  host: string;
}

export interface WebResponse {
  status: number;
  /** A list is sent as that many headers, as `set-cookie` needs. */
  headers: Record<string, string | readonly string[]>;
  body: Buffer | string;
}

/** Larger than any body AWS itself takes on the protocols served here (Kinesis PutRecords: 10 MiB). */
const BODY_BYTES_MAX = 20 * 1024 * 1024;

/** The body grew over the limit; answered with 413. */
export class BodyTooLarge extends Error {}

/** Reads the body; throws BodyTooLarge as soon as it is clear, without keeping what came. */
export function readBody(incoming: Incoming, bytesMax = BODY_BYTES_MAX): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) {
        chunks.length = 0;
        reject(new BodyTooLarge(`the body is over ${bytesMax} bytes`));
      } else chunks.push(chunk);
    });
    incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    incoming.once('error', reject);
    incoming.once('aborted', () => reject(new Error('the client went away')));
  });
}

/** Host and path of a request line; undefined when the path is not valid percent-encoding. */
export function readTarget(
  incoming: Incoming,
): { rawPath: string; rawQuery: string; path: string; host: string } | undefined {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const authority = incoming.headers[':authority'] ?? incoming.headers.host ?? '';
  try {
    return {
      rawPath,
      rawQuery: mark < 0 ? '' : target.slice(mark + 1),
      path: decodeURIComponent(rawPath),
      host: String(authority),
    };
  } catch {
    return undefined;
  }
}

/** Header names lower-case, repeated ones joined with a comma, HTTP/2 pseudo-headers left out. */
export function readHeaders(incoming: Incoming): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    headers[name] = Array.isArray(value) ? value.join(name === 'cookie' ? '; ' : ',') : value;
  }
  return headers;
}

/** HTTP/2 forbids these; Node would throw (RFC 9113 §8.2.2). */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Writes a whole response on either HTTP version; a HEAD gets the headers only. */
export function respond(incoming: Incoming, outgoing: Outgoing, response: WebResponse): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const http2 = incoming.httpVersionMajor === 2;
  for (const [name, value] of Object.entries(response.headers))
    if (!http2 || !CONNECTION_HEADERS.has(name.toLowerCase())) outgoing.setHeader(name, value);
  if (!outgoing.hasHeader('content-length') && response.status !== 204 && response.status !== 304)
    outgoing.setHeader('content-length', Buffer.byteLength(response.body));
  outgoing.statusCode = response.status;
  if (incoming.method === 'HEAD') outgoing.end();
  else outgoing.end(response.body);
}

/** A JSON body with its content type. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): WebResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
