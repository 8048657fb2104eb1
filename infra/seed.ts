import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { systemContext } from '#functions/_runtime/system-context.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { seedRules } from '#shared/rule/seed-rules.ts';

import { readRulePacks } from './rule-pack.ts';
import { TABLES } from './topology.ts';

/**
 * Writes the shipped rules, and those of the packs named, into a local instance where they are absent;
 * returns the ids written. Throws when there is no such pack.
 */
export async function seedDefaults(instance: { url: string }, packs?: string): Promise<string[]> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: instance.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  try {
    const rules = createDynamoRuleStore({
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
    return await seedRules(rules, systemContext('setup', 'default', 'seed'), readRulePacks(packs));
  } finally {
    client.destroy();
  }
}
