import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { once, ssm } from '#functions/_runtime/client.ts';
import { newId } from '#functions/_runtime/clock.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { systemContext } from '#functions/_runtime/system-context.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { createSecretOnce } from '#shared/adapters/aws/ssm-create-secret.ts';

import type { SetupPorts } from './setup.ts';

/** The system setting up the default tenant. */
export function setupContext() {
  return systemContext('setup', readEnvironment().SENTRY_DEFAULT_TENANT, newId());
}

/** The bundle puts `rules.json` beside the code. */
export const setupPorts = once((): SetupPorts => ({
  rules: createDynamoRuleStore(dynamoAccess()),
  pack: JSON.parse(
    readFileSync(new URL('rules.json', import.meta.url), 'utf8'),
  ) as readonly unknown[],
  createSigningKey: () =>
    createSecretOnce(
      ssm(),
      readEnvironment().SENTRY_SIGNING_KEY_PARAMETER,
      randomBytes(32).toString('hex'),
    ),
}));
