import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebRequest } from '#infra/local/gateway/exchange.ts';
import { createHttpApi } from '#infra/local/http-api/http-api.ts';
import { InvocationError, type Invoker } from '#infra/local/service.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECONDS = NOW / 1_000;
const ISSUER = 'http://127.0.0.1:4566/oidc';

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let strangerKeys: typeof keys;
beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  strangerKeys = await generateKeyPair('RS256');
});

let answer: (event: never) => unknown;
let events: Record<string, never>[];
beforeEach(() => {
  events = [];
  answer = () => ({ statusCode: 200, body: 'ok' });
});
const invoker: Invoker = {
  async invoke(_name, event) {
    events.push(event as Record<string, never>);
    return answer(event as never);
  },
};

function call(fields: Partial<WebRequest> = {}) {
  const api = createHttpApi({
    invoker,
    authorizer: {
      issuer: ISSUER,
      audience: ['sentry-dashboard'],
      keys: () => keys.publicKey,
      now: () => NOW,
    },
  });
  const path = fields.path ?? '/v1/me';
  const rawQuery = fields.rawQuery ?? '';
  return api.handle({
    method: 'GET',
    rawPath: path,
    headers: {},
    body: Buffer.alloc(0),
    region: 'us-east-1',
    sourceIp: '127.0.0.1',
    host: '127.0.0.1:4566',
    ...fields,
    path,
    rawQuery,
    query: new URLSearchParams(rawQuery),
  });
}

const CLAIMS = {
  iss: ISSUER,
  client_id: 'sentry-dashboard',
  token_use: 'access',
  username: 'rosa',
  'cognito:groups': ['responder', 'tenant-other'],
  iat: SECONDS - 60,
  exp: SECONDS + 3_600,
};

async function bearer(claims: object = {}, key = keys.privateKey) {
  const token = await new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(key);
  return { headers: { authorization: `Bearer ${token}` } };
}

describe('the JWT authorizer (API Gateway, "Control access to HTTP APIs with JWT authorizers")', () => {
  it('lets an access token through and hands its claims on as strings', async () => {
    expect((await call(await bearer())).status).toBe(200);
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/me',
      requestContext: {
        authorizer: {
          jwt: {
            claims: {
              username: 'rosa',
              'cognito:groups': '[responder tenant-other]',
              exp: String(CLAIMS.exp),
            },
          },
        },
      },
    });
  });

  const refused: [string, () => Promise<Partial<WebRequest>>][] = [
    ['no token', async () => ({})],
    ['an ID token', () => bearer({ token_use: 'id', aud: 'sentry-dashboard' })],
    ['an expired token', () => bearer({ exp: SECONDS - 1 })],
    ['a token without expiry', () => bearer({ exp: undefined })],
    ['a token that is not valid yet', () => bearer({ nbf: SECONDS + 600 })],
    ['a token issued in the future', () => bearer({ iat: SECONDS + 600 })],
    ['a token of another issuer', () => bearer({ iss: 'https://evil.example' })],
    ['a token for another client', () => bearer({ client_id: 'other' })],
    ['a token whose aud is another, even with the right client_id', () => bearer({ aud: 'other' })],
    ['a token signed by another key', () => bearer({}, strangerKeys.privateKey)],
    [
      'alg none',
      async () => ({
        headers: { authorization: `Bearer ${new UnsecuredJWT(CLAIMS).encode()}` },
      }),
    ],
    [
      'HMAC with the public key as secret',
      async () => {
        const token = await new SignJWT(CLAIMS)
          .setProtectedHeader({ alg: 'HS256', kid: 'k' })
          .sign(Buffer.from('public'));
        return { headers: { authorization: `Bearer ${token}` } };
      },
    ],
    ['nonsense', async () => ({ headers: { authorization: 'Bearer a.b.c' } })],
    ['basic credentials', async () => ({ headers: { authorization: 'Basic YTpi' } })],
  ];
  it.each(refused)(
    'refuses %s with 401, and the function is not called',
    async (_name, request) => {
      const response = await call(await request());
      expect(response.status).toBe(401);
      expect(response.body).toBe('{"message":"Unauthorized"}');
      expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(events).toEqual([]);
    },
  );

  it('asks for no token on public routes', async () => {
    expect((await call({ path: '/v1/health' })).status).toBe(200);
    expect(events[0]!['requestContext']).not.toHaveProperty('authorizer');
  });
});

describe('Lambda proxy integration (API Gateway, "Create AWS Lambda proxy integrations for HTTP APIs")', () => {
  it('decodes path parameters and prefers the fixed path', async () => {
    await call({ ...(await bearer()), path: '/v1/alerts/a%20b' });
    expect(events[0]).toMatchObject({
      routeKey: 'GET /v1/alerts/{alert_id}',
      pathParameters: { alert_id: 'a b' },
    });
    await call({ ...(await bearer()), path: '/v1/alerts/summary' });
    expect(events[1]).toMatchObject({ routeKey: 'GET /v1/alerts/summary' });
  });

  it('joins repeated query parameters with a comma and takes cookies apart', async () => {
    const { headers } = await bearer();
    await call({ headers: { ...headers, cookie: 'a=1; b=2' }, rawQuery: 'x=1&x=2&y=' });
    expect(events[0]).toMatchObject({
      queryStringParameters: { x: '1,2', y: '' },
      rawQueryString: 'x=1&x=2&y=',
      cookies: ['a=1', 'b=2'],
    });
    expect(events[0]!['headers']).not.toHaveProperty('cookie');
  });

  it('encodes a body that is not text in base64', async () => {
    const { headers } = await bearer();
    const post = (type: string, body: Buffer) =>
      call({
        method: 'POST',
        path: '/v1/events',
        headers: { ...headers, 'content-type': type },
        body,
      });
    await post('application/json', Buffer.from('{"a":1}'));
    await post('application/octet-stream', Buffer.from([0, 255]));
    expect(events[0]).toMatchObject({ isBase64Encoded: false, body: '{"a":1}' });
    expect(events[1]).toMatchObject({ isBase64Encoded: true, body: 'AP8=' });
  });

  it('refuses a payload over 10 MB with 413 (quota "Payload size")', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const { headers } = await bearer();
    const response = await call({ method: 'POST', path: '/v1/events', headers, body });
    expect(response.status).toBe(413);
    expect(response.body).toBe('{"message":"Request Entity Too Large"}');
    expect(events).toEqual([]);
  });

  it('answers 404 Not Found outside the route table', async () => {
    const response = await call({ ...(await bearer()), method: 'DELETE' });
    expect([response.status, response.body]).toEqual([404, '{"message":"Not Found"}']);
  });

  it.each([
    ['a function error', () => Promise.reject(new InvocationError('handled', 'boom'))],
    ['a crash', () => Promise.reject(new InvocationError('crash', 'exited'))],
    ['a malformed answer', () => ({ statusCode: 'many', body: 1 })],
    ['an answer over 6 MB', () => ({ statusCode: 200, body: 'x'.repeat(7_000_000) })],
  ])('turns %s into 500 Internal Server Error', async (_name, result) => {
    answer = result;
    const response = await call(await bearer());
    expect([response.status, response.body]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('takes an answer without statusCode as the JSON body of a 200', async () => {
    answer = () => ({ hello: 1 });
    const response = await call(await bearer());
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"hello":1}',
    });
  });

  it('sends binary bodies and several cookies back', async () => {
    answer = () => ({ statusCode: 200, isBase64Encoded: true, body: 'AP8=', cookies: ['a', 'b'] });
    const response = await call(await bearer());
    expect(response.body).toEqual(Buffer.from([0, 255]));
    expect(response.headers['set-cookie']).toEqual(['a', 'b']);
  });
});

describe('CORS', () => {
  it('is not there: the dashboard shares the origin, other sites may not call', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await call({ method: 'OPTIONS', headers });
    expect(preflight.status).toBe(404);
    expect(Object.keys(preflight.headers).join()).not.toContain('access-control');
  });
});
