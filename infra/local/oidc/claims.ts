import { findPerson } from '#infra/local/oidc/person.ts';

export const DASHBOARD_CLIENT = 'sentry-dashboard';
export const PRODUCER_CLIENT = 'sentry-producer';

/** Seconds; Cognito's default for access tokens. */
export const ACCESS_TOKEN_SECONDS = 3_600;

/**
 * Claims of an access token beside the registered ones, as Cognito writes them (developer guide,
 * "Understanding the access token"). A client's own token has no username.
 */
export function accessClaims(subject: {
  username?: string;
  clientId: string;
}): Record<string, unknown> {
  const person = findPerson(subject.username);
  const groups = person?.groups ?? (subject.clientId === PRODUCER_CLIENT ? ['producer'] : []);
  return {
    token_use: 'access',
    version: 2,
    client_id: subject.clientId,
    ...(person && { username: person.username }),
    ...(groups.length > 0 && { 'cognito:groups': groups }),
  };
}
