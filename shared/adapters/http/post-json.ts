import { lookup } from 'node:dns/promises';
import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';

import { isPublicAddress } from './guard-address.ts';

/** The whole exchange, from name lookup to the last byte of the answer. */
const EXCHANGE_MS_MAX = 5_000;
/** As much of an answer as is read. */
export const ANSWER_BYTES_MAX = 64 * 1024;

interface PostRequest {
  url: string;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/** How a POST ended. Errors name no address and no secret: a webhook's URL is one. */
export type PostResult =
  | { kind: 'answered'; status: number; headers: Readonly<Record<string, string>>; body: string }
  /** Not sent: the address is not one a notifier may call. */
  | { kind: 'refused'; error: string }
  /** No whole answer; `sent` is false when the receiver cannot have seen the request. */
  | { kind: 'failed'; error: string; sent: boolean };

/** Sends one POST with JSON; never throws. */
export type PostJson = (request: PostRequest) => Promise<PostResult>;

interface Address {
  address: string;
  family: number;
}

export interface PostOptions {
  /** Origins that may be called besides public https, e.g. `http://127.0.0.1:4566`; local mode only. */
  allow?: readonly string[];
  /** All addresses of a host name. */
  resolve?: (host: string) => Promise<Address[]>;
  timeoutMs?: number;
}

/** The parsed address, or why it must not be called. */
function readTarget(url: string, allow: readonly string[]): URL | string {
  if (!URL.canParse(url)) return 'the address is not a URL';
  const target = new URL(url);
  if (allow.includes(target.origin)) return target;
  if (target.protocol !== 'https:') return 'the address is not https';
  if (target.username !== '' || target.password !== '') return 'the address holds credentials';
  return target;
}

/** Words for a network error: its code says enough, its message would name the host. */
function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'connection failed';
}

function exchange(
  target: URL,
  address: Address,
  post: PostRequest,
  signal: AbortSignal,
): Promise<PostResult> {
  const { promise, resolve } = Promise.withResolvers<PostResult>();
  let sent = false;
  const body = Buffer.from(post.body);
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'hearthlink-sentry',
      ...post.headers,
      'content-length': String(body.length),
    },
    // The address that was checked is the one that is called, whatever the name says by then.
    lookup: (_host, asked, done) =>
      asked.all ? done(null, [address]) : done(null, address.address, address.family),
    agent: false,
    signal,
  };
  const open = target.protocol === 'https:' ? requestHttps : requestHttp;
  const fail = (error: string) => resolve({ kind: 'failed', error, sent });
  const request = open(target, options, (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers))
        headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
      const text = Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8');
      resolve({ kind: 'answered', status: response.statusCode ?? 0, headers, body: text });
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < ANSWER_BYTES_MAX) return;
      finish();
      request.destroy();
    });
    response.on('end', finish);
    response.on('error', (error) => fail(`answer broken off (${wordsOf(error)})`));
    response.on('close', () => fail('answer broken off'));
  });
  request.on('socket', (socket) => {
    const reached = target.protocol === 'https:' ? 'secureConnect' : 'connect';
    socket.once(reached, () => (sent = true));
  });
  request.on('error', (error) => fail(signal.aborted ? 'no answer in time' : wordsOf(error)));
  request.end(body);
  return promise;
}

/** The one address to call; a string is why none may be. */
async function choose(
  target: URL,
  allow: readonly string[],
  resolve: (host: string) => Promise<Address[]>,
): Promise<Address | string> {
  const host = target.hostname.replace(/^\[|\]$/gu, '');
  const family = isIP(host);
  const found = family > 0 ? [{ address: host, family }] : await resolve(host);
  const first = found[0];
  if (first === undefined) return 'the host has no address';
  if (allow.includes(target.origin)) return first;
  // One private answer among public ones is an attack or an accident; neither is called.
  return found.every(({ address }) => isPublicAddress(address))
    ? first
    : 'the address is not a public one';
}

/**
 * A POST client for addresses that users type in: https only, the literal and every resolved address
 * public, the checked address pinned, no redirects, five seconds for everything, 64 KiB of answer.
 */
export function createPostJson(options: PostOptions = {}): PostJson {
  const { allow = [], timeoutMs = EXCHANGE_MS_MAX } = options;
  const resolve = options.resolve ?? ((host) => lookup(host, { all: true }));
  return async (post) => {
    const target = readTarget(post.url, allow);
    if (typeof target === 'string') return { kind: 'refused', error: target };
    const signal = AbortSignal.timeout(timeoutMs);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    late.catch(() => undefined);
    let address: Address | string;
    try {
      address = await Promise.race([choose(target, allow, resolve), late]);
    } catch (error) {
      const words = signal.aborted ? 'name not found in time' : wordsOf(error);
      return { kind: 'failed', error: words, sent: false };
    }
    if (typeof address === 'string') return { kind: 'refused', error: address };
    return await exchange(target, address, post, signal);
  };
}
