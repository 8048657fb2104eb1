import { describe, expect, it } from 'vitest';

import { startReceiver } from '#shared/testing/http-receiver.ts';

import { ANSWER_BYTES_MAX, createPostJson, type PostResult } from './post-json.ts';

const post = (origin: string, timeoutMs = 5_000) => createPostJson({ allow: [origin], timeoutMs });
async function send(origin: string, timeoutMs?: number): Promise<PostResult> {
  return await post(origin, timeoutMs)({ url: `${origin}/hook`, body: '{"a":"ü"}' });
}

describe('post', () => {
  it('sends JSON and gives back status, headers and body', async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(429, { 'Retry-After': '30' }).end('slow down');
    });
    const result = await send(receiver.origin);
    expect(result).toMatchObject({
      kind: 'answered',
      status: 429,
      headers: { 'retry-after': '30' },
      body: 'slow down',
    });
    expect(receiver.received[0]).toMatchObject({
      body: '{"a":"ü"}',
      headers: { 'content-type': 'application/json', 'content-length': '10' },
    });
  });

  it('follows no redirect', async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', status: 302 });
    expect(receiver.received).toHaveLength(1);
  });

  it('reads no more of an answer than its limit, and does not wait for the rest', async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(200);
      response.write(Buffer.alloc(10 * ANSWER_BYTES_MAX, 'x'));
    });
    const result = await send(receiver.origin);
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect('body' in result && result.body.length).toBe(ANSWER_BYTES_MAX);
  });

  it('gives up on a receiver that never answers', async () => {
    const receiver = await startReceiver(() => undefined);
    expect(await send(receiver.origin, 100)).toEqual({
      kind: 'failed',
      error: 'no answer in time',
      sent: true,
    });
  });

  it('gives up on an answer that drips: the limit is for the whole exchange', async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await send(receiver.origin, 250)).toMatchObject({ kind: 'failed', sent: true });
  });

  it('tells a broken-off answer from a whole one', async () => {
    const receiver = await startReceiver((response, socket) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('part');
      setImmediate(() => socket.destroy());
    });
    expect(await send(receiver.origin)).toMatchObject({ kind: 'failed', sent: true });
  });

  it('reports a reset as sent, and a refused connection as not sent', async () => {
    const { origin, close } = await startReceiver((_response, socket) => socket.resetAndDestroy());
    expect(await send(origin)).toEqual({ kind: 'failed', error: 'ECONNRESET', sent: true });
    await close();
    expect(await send(origin)).toEqual({ kind: 'failed', error: 'ECONNREFUSED', sent: false });
  });

  it('takes what is no HTTP for a failure', async () => {
    const receiver = await startReceiver((_response, socket) =>
      socket.end('SSH-2.0-OpenSSH_9.9\r\n\r\n'),
    );
    expect(await send(receiver.origin)).toMatchObject({ kind: 'failed', sent: true });
  });
});

describe('addresses', () => {
  const never = () => Promise.reject(new Error('not to be asked'));

  it.each([
    'not a url',
    '',
    'ftp://example.com/',
    'http://example.com/',
    'https://user:pass@example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3:8443/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:a9fe:a9fe::1]/',
    'https://100.100.100.200/',
  ])('refuses %s without a connection', async (url) => {
    const result = await createPostJson({ resolve: never })({ url, body: '{}' });
    expect(result.kind).toBe('refused');
  });

  it('refuses a name when any of its addresses is private', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    const result = await createPostJson({ resolve })({ url: 'https://rebind.example/', body: '' });
    expect(result).toEqual({ kind: 'refused', error: 'the address is not a public one' });
  });

  it.each([
    ['::ffff:10.0.0.1', 6],
    ['::ffff:a9fe:a9fe', 6],
    ['64:ff9b::a9fe:a9fe', 6],
    ['fe80::1%eth0', 6],
    ['::', 6],
    ['127.0.0.1', 4],
    ['0.0.0.0', 4],
    ['not an address', 4],
  ])('refuses a name that resolves to %s', async (address, family) => {
    const resolve = async () => [{ address, family }];
    const result = await createPostJson({ resolve })({ url: 'https://hooks.example/', body: '' });
    expect(result).toEqual({ kind: 'refused', error: 'the address is not a public one' });
  });

  it('asks for the name once and calls the very address that was checked', async () => {
    const receiver = await startReceiver();
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      // The second answer would be the attacker's.
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const origin = `http://hooks.example:${receiver.port}`;
    const result = await createPostJson({ allow: [origin], resolve })({ url: origin, body: '{}' });
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`hooks.example:${receiver.port}`);
  });

  it('allows an origin exactly, not its neighbours', async () => {
    const receiver = await startReceiver();
    const { origin, port } = receiver;
    for (const url of [`http://localhost:${port}/`, `https://127.0.0.1:${port}/`]) {
      const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
      const result = await createPostJson({ allow: [origin], resolve })({ url, body: '{}' });
      expect(result.kind, url).toBe('refused');
    }
    expect(receiver.received).toEqual([]);
  });

  it('gives up on a name server that never answers, and says the message was not sent', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const result = await createPostJson({ resolve, timeoutMs: 50 })({
      url: 'https://slow.example/',
      body: '{}',
    });
    expect(result).toEqual({ kind: 'failed', error: 'name not found in time', sent: false });
  });

  it('says neither the name nor the path of a receiver in its errors', async () => {
    const resolve = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo secret.example'), { code: 'ENOTFOUND' }));
    const result = await createPostJson({ resolve })({
      url: 'https://secret.example/T0/B0',
      body: '',
    });
    expect(result).toEqual({ kind: 'failed', error: 'ENOTFOUND', sent: false });
  });
});
