import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What the issuer must remember so that tokens and sessions live through a restart. */
export interface OidcSecrets {
  /** Private RSA key, RS256. */
  signingKey: JWK;
  /** Signs the issuer's cookies. */
  cookieKey: string;
  /** Secret of the client `sentry-producer`. */
  producerSecret: string;
}

/** Reads `<home>/oidc.json`, or makes it: written whole or not at all, for its owner only. */
export async function loadOidcSecrets(home: string): Promise<OidcSecrets> {
  const file = join(home, 'oidc.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as OidcSecrets;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const secrets: OidcSecrets = {
    signingKey: {
      ...(await exportJWK(privateKey)),
      kid: randomBytes(8).toString('hex'),
      alg: 'RS256',
      use: 'sig',
    },
    cookieKey: randomBytes(32).toString('base64url'),
    producerSecret: randomBytes(24).toString('base64url'),
  };
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** The public half of a key. */
export function publicKey({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, n, e, kid, alg, use };
}
