import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createLocalJWKSet, importJWK, SignJWT, type JWTVerifyGetKey } from 'jose';
import type Provider from 'oidc-provider';
import type { LocalClock } from '#infra/local/clock.ts';
import { readBody, respond, type Incoming, type Outgoing } from '#infra/local/gateway/exchange.ts';
import { OIDC_SCHEMA } from '#infra/local/oidc/adapter.ts';
import {
  ACCESS_TOKEN_SECONDS,
  accessClaims,
  DASHBOARD_CLIENT,
  PRODUCER_CLIENT,
} from '#infra/local/oidc/claims.ts';
import { pagePolicy, signInPage, SIGN_OUT_SCRIPT, STYLESHEET } from '#infra/local/oidc/page.ts';
import { findPerson } from '#infra/local/oidc/person.ts';
import { createProvider } from '#infra/local/oidc/provider.ts';
import { loadOidcSecrets, publicKey } from '#infra/local/oidc/secrets.ts';
import { openDatabase } from '#infra/local/wire/database.ts';

interface AccessToken {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
}

export interface Oidc {
  /** `http://127.0.0.1:<port>/oidc` */
  issuer: string;
  /** Client ids an API accepts. */
  audience: readonly string[];
  /** The issuer's public keys, as at its `jwks_uri`. */
  keys: JWTVerifyGetKey;
  /** For scripts: `client_credentials` at `<issuer>/token`. */
  producer: { client_id: string; client_secret: string };
  /** An access token of a demo person without signing in; undefined for an unknown name. */
  issueToken(username: string): Promise<AccessToken | undefined>;
  /** Node request handler for `/oidc` and `/.well-known`. */
  handle(incoming: Incoming, outgoing: Outgoing): void;
  close(): void;
}

/** The OpenID Connect issuer that stands for Cognito. Keys and sessions live under `home`. */
export async function createOidc(options: {
  home: string;
  port: number;
  clock: LocalClock;
}): Promise<Oidc> {
  const { home, port, clock } = options;
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  const issuer = `${origins[0]}/oidc`;
  const secrets = await loadOidcSecrets(home);
  const database = openDatabase(join(home, 'oidc.sqlite'), OIDC_SCHEMA);
  const offsetSeconds = () => Math.round(clock.offsetMs / 1_000);
  const provider = createProvider({ issuer, origins, secrets, database, port, offsetSeconds });
  const callback = provider.callback();
  const signingKey = await importJWK(secrets.signingKey, 'RS256');

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = incoming.url ?? '/';
    const path = url.split('?', 1)[0]!;
    const asset = ASSETS[path];
    if (asset !== undefined)
      return respond(incoming, outgoing, {
        status: 200,
        headers: { 'content-type': asset.type, 'x-content-type-options': 'nosniff' },
        body: asset.body,
      });
    if (path.startsWith('/oidc/interaction/'))
      return interact(provider, origins, incoming, outgoing);
    const mounted = incoming as IncomingMessage & { originalUrl?: string };
    mounted.originalUrl = url.startsWith('/oidc') ? url : `/oidc${url}`;
    mounted.url = mounted.originalUrl.slice('/oidc'.length) || '/';
    return callback(mounted, outgoing);
  }

  return {
    issuer,
    audience: [DASHBOARD_CLIENT, PRODUCER_CLIENT],
    keys: createLocalJWKSet({ keys: [publicKey(secrets.signingKey)] }),
    producer: { client_id: PRODUCER_CLIENT, client_secret: secrets.producerSecret },
    async issueToken(username) {
      const person = findPerson(username);
      if (person === undefined) return undefined;
      const now = Math.floor(clock.now() / 1_000);
      const claims = accessClaims({ username: person.username, clientId: DASHBOARD_CLIENT });
      const token = await new SignJWT({ ...claims, scope: 'openid profile' })
        .setProtectedHeader({ alg: 'RS256', kid: secrets.signingKey.kid! })
        .setIssuer(issuer)
        .setSubject(person.username)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
        .sign(signingKey);
      return { access_token: token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_SECONDS };
    },
    handle(incoming, outgoing) {
      serve(incoming as IncomingMessage, outgoing as ServerResponse).catch((error: unknown) => {
        console.error('sentry: the issuer failed:', error);
        respond(incoming, outgoing, { status: 500, headers: {}, body: 'The issuer failed.' });
      });
    },
    close: () => database.close(),
  };
}

const ASSETS: Readonly<Record<string, { type: string; body: string }>> = {
  '/oidc/page.css': { type: 'text/css; charset=utf-8', body: STYLESHEET },
  '/oidc/sign-out.js': { type: 'text/javascript; charset=utf-8', body: SIGN_OUT_SCRIPT },
};

/** GET shows the people; POST signs the chosen one in. An interaction that is over leads home. */
async function interact(
  provider: Provider,
  origins: readonly string[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const redirect = () =>
    respond(incoming, outgoing, { status: 303, headers: { location: '/' }, body: '' });
  let interaction;
  try {
    interaction = await provider.interactionDetails(incoming, outgoing);
  } catch {
    return redirect();
  }
  if (incoming.method === 'POST') {
    const form = new URLSearchParams((await readBody(incoming, 4_096)).toString('utf8'));
    const person = findPerson(form.get('user'));
    if (person !== undefined)
      return provider.interactionFinished(incoming, outgoing, {
        login: { accountId: person.username },
      });
  }
  respond(incoming, outgoing, {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(origins),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: signInPage(interaction.uid),
  });
}
