import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalClock } from '#infra/local/clock.ts';
import { openGateway, type Gateway, type GatewayTargets } from '#infra/local/gateway/gateway.ts';
import { createOidc, type Oidc } from '#infra/local/oidc/oidc.ts';

let home: string;
let gateway: Gateway;
let oidc: Oidc;
let clock: LocalClock;

async function open(port: number): Promise<void> {
  gateway = await openGateway(port);
  clock = new LocalClock();
  oidc = await createOidc({ home, port: gateway.port, clock });
  const handle = (incoming: never, outgoing: never) => oidc.handle(incoming, outgoing);
  gateway.setTargets({ oidc: handle } as unknown as GatewayTargets);
}

async function close(): Promise<void> {
  clock.close();
  await gateway.close();
  oidc.close();
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-oidc-'));
  await open(0);
});
afterEach(async () => {
  await close();
  rmSync(home, { recursive: true });
});

/** A browser as far as redirects and cookies go. */
class Visitor {
  readonly cookies = new Map<string, string>();

  async go(url: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(new URL(url, gateway.url), {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';', 1)[0]!.split('=', 2);
      this.cookies.set(name!, value!);
    }
    return response;
  }

  /** Follows redirects until the page or the redirect to the dashboard. */
  async follow(response: Response): Promise<{ page?: string; callback?: URL; url: string }> {
    let current = response;
    let url = current.url;
    while (current.status >= 300 && current.status < 400) {
      url = new URL(current.headers.get('location')!, current.url).href;
      if (new URL(url).pathname === '/callback') return { callback: new URL(url), url };
      current = await this.go(url);
    }
    return { page: await current.text(), url };
  }
}

const verifier = randomBytes(32).toString('base64url');

async function signIn(visitor: Visitor, user: string): Promise<string> {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: 'sentry-dashboard',
    response_type: 'code',
    redirect_uri: `${gateway.url}/callback`,
    scope: 'openid profile',
    state: 's',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const page = await visitor.follow(await visitor.go(`/oidc/auth?${query}`));
  expect(page.page).toContain('Rosa');
  const done = await visitor.follow(await visitor.go(page.url, { user }));
  return done.callback!.searchParams.get('code')!;
}

async function token(form: Record<string, string>, authorization?: string): Promise<Response> {
  return fetch(`${gateway.url}/oidc/token`, {
    method: 'POST',
    headers: authorization ? { authorization } : {},
    body: new URLSearchParams(form),
  });
}

async function redeem(code: string): Promise<Record<string, string>> {
  const answer = await token({
    grant_type: 'authorization_code',
    client_id: 'sentry-dashboard',
    redirect_uri: `${gateway.url}/callback`,
    code,
    code_verifier: verifier,
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, string>;
}

describe('the local issuer', () => {
  it('signs a person in by PKCE and gives an access token as Cognito writes it', async () => {
    const tokens = await redeem(await signIn(new Visitor(), 'rosa'));
    const { payload } = await jwtVerify(tokens.access_token!, oidc.keys, { issuer: oidc.issuer });
    expect(payload).toMatchObject({
      token_use: 'access',
      client_id: 'sentry-dashboard',
      username: 'rosa',
      'cognito:groups': ['responder'],
      scope: 'openid profile',
    });
    expect(decodeJwt(tokens.id_token!)).toMatchObject({
      sub: 'rosa',
      name: 'Rosa',
      token_use: 'id',
    });
    expect(decodeProtectedHeader(tokens.access_token!).alg).toBe('RS256');
  });

  it('refuses a code without its verifier', async () => {
    const code = await signIn(new Visitor(), 'vera');
    const answer = await token({
      grant_type: 'authorization_code',
      client_id: 'sentry-dashboard',
      redirect_uri: `${gateway.url}/callback`,
      code,
      code_verifier: randomBytes(32).toString('base64url'),
    });
    expect(answer.status).toBe(400);
  });

  it('refreshes after a restart, and not after revocation', async () => {
    const first = await redeem(await signIn(new Visitor(), 'tove'));
    const port = gateway.port;
    await close();
    await open(port);
    // The pool of fetch still holds sockets of the process that is gone.
    await fetch(gateway.url).catch(() => undefined);
    const refresh = { grant_type: 'refresh_token', client_id: 'sentry-dashboard' };
    const answer = await token({ ...refresh, refresh_token: first.refresh_token! });
    const second = (await answer.json()) as Record<string, string>;
    expect(decodeJwt(second.access_token!)['cognito:groups']).toEqual([
      'responder',
      'tenant-other',
    ]);
    await fetch(`${gateway.url}/oidc/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'sentry-dashboard', token: second.refresh_token! }),
    });
    const refused = await token({ ...refresh, refresh_token: second.refresh_token! });
    expect(refused.status).toBe(400);
  });

  it('signs out: the next visit asks again', async () => {
    const visitor = new Visitor();
    const tokens = await redeem(await signIn(visitor, 'ada'));
    const query = new URLSearchParams({
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: `${gateway.url}/`,
    });
    const page = await (await visitor.go(`/oidc/session/end?${query}`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!;
    const done = await visitor.go('/oidc/session/end/confirm', { xsrf, logout: 'yes' });
    expect(done.headers.get('location')).toBe(`${gateway.url}/`);
    await signIn(visitor, 'vera');
  });

  it('gives the producer client a token of its own', async () => {
    const { client_id, client_secret } = oidc.producer;
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    const answer = await token({ grant_type: 'client_credentials' }, `Basic ${basic}`);
    const { access_token } = (await answer.json()) as Record<string, string>;
    expect(decodeJwt(access_token!)).toMatchObject({
      token_use: 'access',
      client_id: 'sentry-producer',
      'cognito:groups': ['producer'],
    });
    const wrong = await token(
      { grant_type: 'client_credentials' },
      `Basic ${btoa(`${client_id}:x`)}`,
    );
    expect(wrong.status).toBe(401);
  });

  it('shows a sign-in page with nothing inline', async () => {
    const visitor = new Visitor();
    const start = `/oidc/auth?client_id=sentry-dashboard&response_type=code&scope=openid&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256&redirect_uri=${gateway.url}/callback`;
    const { page, url } = await visitor.follow(await visitor.go(start));
    expect(page).not.toMatch(/style=|<style|<script>|\son\w+=/);
    const policy = (await visitor.go(url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('issues access tokens on the moved clock', async () => {
    clock.advance(3 * 3_600_000);
    const tokens = await redeem(await signIn(new Visitor(), 'rosa'));
    expect(decodeJwt(tokens.access_token!).exp! * 1_000).toBeGreaterThan(clock.now());
  });
});
