import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { systemContext } from '#functions/_runtime/system-context.ts';
import type { DynamoAccess } from '#shared/adapters/aws/dynamo-access.ts';
import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { seedRules } from '#shared/rule/seed-rules.ts';
import { seedServices } from '#shared/service/seed-services.ts';

import { readRulePacks } from './rule-pack.ts';
import { DEMO_SERVICES } from './simulator/services.ts';
import { TABLES } from './topology.ts';

/**
 * Writes the shipped rules, and those of the packs named, into a local instance where they are absent;
 * returns the ids written. Throws when there is no such pack.
 */
export async function seedDefaults(instance: { url: string }, packs?: string): Promise<string[]> {
  return withStores(instance, (access) =>
    seedRules(
      createDynamoRuleStore(access),
      systemContext('setup', 'default', 'seed'),
      readRulePacks(packs),
    ),
  );
}

/** Describes the services of the demo in a local instance where nobody has; returns those written. */
export async function seedDemo(instance: { url: string }): Promise<string[]> {
  const context = systemContext('setup', 'default', 'seed');
  return withStores(instance, (access) =>
    seedServices(
      createDynamoDocumentStore(access, 'SERVICES'),
      { ...context, scopes: new Set(['sentry.policy.write']) },
      DEMO_SERVICES,
    ),
  );
}

/** Runs something on the tables of a local instance. */
export async function withStores<Result>(
  instance: { url: string },
  work: (access: DynamoAccess) => Promise<Result>,
): Promise<Result> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: instance.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  try {
    return await work({
      client,
      tables: {
        work: TABLES.work.name,
        journal: TABLES.journal.name,
        config: TABLES.config.name,
        state: TABLES.state.name,
        live: TABLES.live.name,
      },
      now: () => Date.now(),
      sleep: (delayMs) => sleep(delayMs),
      random: () => Math.random(),
    });
  } finally {
    client.destroy();
  }
}
