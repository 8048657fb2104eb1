import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';

export interface JwtAuthorizerOptions {
  issuer: string;
  /** Client ids that may call; compared with `aud`, or with `client_id` when there is no `aud`. */
  audience: readonly string[];
  /** Keys of the issuer's `jwks_uri`. */
  keys: JWTVerifyGetKey;
  /** Milliseconds since the epoch. */
  now(): number;
}

export type Authorization =
  | { kind: 'allowed'; claims: JWTPayload }
  /** `challenge` is the value of `www-authenticate`. */
  | { kind: 'refused'; challenge: string };

/**
 * The JWT authorizer of an HTTP API: RSA signature by a key of the issuer, `iss`, `aud` or
 * `client_id`, `exp`, `nbf` and `iat` (developer guide, "Control access to HTTP APIs with JWT
 * authorizers"). One rule is stricter than AWS: the token must say `token_use: access`, because AWS
 * lets a Cognito ID token through and leaves that check to the function.
 */
export async function authorizeJwt(
  header: string | undefined,
  options: JwtAuthorizerOptions,
): Promise<Authorization> {
  const token = /^(?:Bearer +)?(\S+)$/i.exec(header?.trim() ?? '')?.[1];
  if (token === undefined) return { kind: 'refused', challenge: 'Bearer' };
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      algorithms: ['RS256', 'RS384', 'RS512'],
      issuer: options.issuer,
      currentDate: new Date(options.now()),
      requiredClaims: ['exp'],
    });
    const problem = claimProblem(payload, options);
    return problem === undefined ? { kind: 'allowed', claims: payload } : refusal(problem);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refusal('the token has expired');
    if (error instanceof errors.JOSEError) return refusal(error.message);
    throw error;
  }
}

function claimProblem(claims: JWTPayload, options: JwtAuthorizerOptions): string | undefined {
  const audience = claims.aud === undefined ? claims.client_id : claims.aud;
  const named = Array.isArray(audience) ? audience : [audience];
  if (!named.some((name) => options.audience.includes(String(name))))
    return 'the token is for another audience';
  if (claims.iat !== undefined && claims.iat * 1_000 > options.now() + 60_000)
    return 'the token was issued in the future';
  return claims.token_use === 'access' ? undefined : 'only access tokens are accepted';
}

function refusal(description: string): Authorization {
  const quoted = description.replaceAll(/["\\\r\n]/g, "'");
  return {
    kind: 'refused',
    challenge: `Bearer scope="" error="invalid_token" error_description="${quoted}"`,
  };
}

/**
 * Claims as the integration sees them: strings all, a list as `[a b]`, an object as JSON. Observed
 * wire format of payload 2.0; AWS does not document it.
 */
export function stringifyClaims(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? `[${value.join(' ')}]`
        : typeof value === 'string'
          ? value
          : JSON.stringify(value),
    ]),
  );
}
