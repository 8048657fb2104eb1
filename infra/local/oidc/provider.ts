import Provider, { type KoaContext, type Token } from 'oidc-provider';
import type { DatabaseSync } from 'node:sqlite';
import { createOidcAdapter } from '#infra/local/oidc/adapter.ts';
import {
  ACCESS_TOKEN_SECONDS,
  accessClaims,
  DASHBOARD_CLIENT,
  PRODUCER_CLIENT,
} from '#infra/local/oidc/claims.ts';
import { errorPage, pagePolicy, signedOutPage, signOutPage } from '#infra/local/oidc/page.ts';
import { findPerson } from '#infra/local/oidc/person.ts';
import type { OidcSecrets } from '#infra/local/oidc/secrets.ts';

const SCOPES = 'openid profile email offline_access';
const REFRESH_SECONDS = 30 * 24 * 3_600;

export interface ProviderOptions {
  issuer: string;
  /** Both names of this instance: `http://127.0.0.1:<port>` and `http://localhost:<port>`. */
  origins: readonly string[];
  secrets: OidcSecrets;
  database: DatabaseSync;
  /** Cookies know no ports: instances side by side need names of their own. */
  port: number;
  /** Seconds by which the local clock runs ahead; access tokens live on that clock. */
  offsetSeconds(): number;
}

/** oidc-provider set up to behave like the Cognito user pool of a deployed stack. */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, origins, secrets, port } = options;
  const resource = `${origins[0]}/v1`;
  const html = (ctx: KoaContext, body: string) => {
    ctx.type = 'html';
    ctx.set('content-security-policy', pagePolicy(origins));
    ctx.body = body;
  };
  const provider = new Provider(issuer, {
    adapter: createOidcAdapter(options.database),
    jwks: { keys: [secrets.signingKey] },
    clients: [
      {
        client_id: DASHBOARD_CLIENT,
        client_name: 'Sentry dashboard',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: origins.map((origin) => `${origin}/callback`),
        post_logout_redirect_uris: origins.flatMap((origin) => [origin, `${origin}/`]),
      },
      {
        client_id: PRODUCER_CLIENT,
        client_secret: secrets.producerSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    cookies: {
      keys: [secrets.cookieKey],
      names: {
        session: `sentry_session_${port}`,
        interaction: `sentry_interaction_${port}`,
        resume: `sentry_resume_${port}`,
      },
    },
    claims: {
      openid: ['sub', 'token_use', 'cognito:username', 'cognito:groups'],
      profile: ['name'],
    },
    scopes: SCOPES.split(' '),
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (
          _ctx: KoaContext,
          client: { clientId: string },
          token: { clientId?: string },
        ) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (
          _ctx: KoaContext,
          _resource: string,
          client: { clientId: string },
        ) => ({
          scope: SCOPES,
          audience: client.clientId,
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: KoaContext, form: string) => html(ctx, signOutPage(form)),
        postLogoutSuccessSource: (ctx: KoaContext) => html(ctx, signedOutPage()),
      },
    },
    formats: {
      customizers: {
        jwt(
          _ctx: KoaContext,
          token: Token,
          parts: { payload: Record<string, unknown> & { iat: number; exp: number } },
        ) {
          const clientId = token.clientId ?? '';
          Object.assign(parts.payload, accessClaims({ username: token.accountId, clientId }));
          parts.payload.iat += options.offsetSeconds();
          parts.payload.exp += options.offsetSeconds();
        },
      },
    },
    interactions: {
      url: (_ctx: KoaContext, interaction: { uid: string }) =>
        `/oidc/interaction/${interaction.uid}`,
    },
    findAccount: (_ctx: KoaContext, id: string) => {
      const person = findPerson(id);
      if (person === undefined) return undefined;
      return {
        accountId: id,
        claims: () => ({
          sub: id,
          name: person.name,
          'cognito:username': person.username,
          'cognito:groups': person.groups,
          token_use: 'id',
        }),
      };
    },
    issueRefreshToken: (_ctx: KoaContext, client: { clientId: string }) =>
      client.clientId === DASHBOARD_CLIENT,
    loadExistingGrant: (ctx: KoaContext) => grantAll(ctx, resource),
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      RefreshToken: REFRESH_SECONDS,
      Session: REFRESH_SECONDS,
      Grant: REFRESH_SECONDS,
      Interaction: 3_600,
    },
    renderError: (ctx: KoaContext, out: { error: string; error_description?: string }) =>
      html(ctx, errorPage(out.error, out.error_description ?? 'The request was refused.')),
  });
  provider.on('server_error', (_ctx: KoaContext, error: Error) =>
    console.error('sentry: the issuer failed:', error),
  );
  return provider;
}

/** Nobody is asked for consent: the dashboard is the product's own. */
async function grantAll(ctx: KoaContext, resource: string) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const existing = session.grantIdFor(client.clientId);
  const found = existing === undefined ? undefined : await provider.Grant.find(existing);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope(SCOPES);
  grant.addResourceScope(resource, SCOPES);
  await grant.save();
  return grant;
}
