import {
  GetParameterCommand,
  ParameterNotFound,
  ParameterVersionNotFound,
  type SSMClient,
  SSMServiceException,
} from '@aws-sdk/client-ssm';

import { SentryError } from '#shared/kernel/error.ts';
import type { Secret, SecretStore } from '#shared/ports/secret-store.ts';

/** How long a secret that was read is believed. */
const KEPT_MS = 5 * 60_000;

function denied(error: unknown): boolean {
  if (!(error instanceof SSMServiceException)) return false;
  return error.name === 'AccessDeniedException' || error.name === 'ValidationException';
}

/** Secrets as SecureStrings in Parameter Store; a version is a parameter's version number. */
export function createSsmSecretStore(client: SSMClient, now: () => number): SecretStore {
  const kept = new Map<string, { secret: Secret; until: number }>();
  return {
    async get(name, version) {
      const selector = version === undefined ? name : `${name}:${version}`;
      const known = kept.get(selector);
      if (known && known.until > now()) return known.secret;
      try {
        const command = new GetParameterCommand({ Name: selector, WithDecryption: true });
        const { Parameter } = await client.send(command);
        if (Parameter?.Value === undefined) return undefined;
        const secret: Secret = { value: Parameter.Value };
        if (Parameter.Version !== undefined) secret.version = String(Parameter.Version);
        kept.set(selector, { secret, until: now() + KEPT_MS });
        return secret;
      } catch (cause) {
        if (cause instanceof ParameterNotFound || cause instanceof ParameterVersionNotFound)
          return undefined;
        if (denied(cause))
          throw new SentryError('internal', `Reading the parameter ${name} is refused.`, { cause });
        throw new SentryError('unavailable', `The parameter ${name} cannot be read now.`, {
          cause,
        });
      }
    },
  };
}
