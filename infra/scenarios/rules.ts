import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { systemContext } from '#functions/_runtime/system-context.ts';
import { readRulePack } from '#infra/rule-pack.ts';
import { TABLES } from '#infra/topology.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { seedRules } from '#shared/rule/seed-rules.ts';

import { awsSettings } from './producer.ts';

/** Rules of the scenarios beside the shipped ones: one of each kind, with windows that a run outlasts. */
export const SCENARIO_RULES = [
  {
    rule_id: 'scenario-host',
    name: 'Any trouble of a host',
    severity: 'WARN',
    pattern: { type: ['scenario.host'] },
    detector: { kind: 'match' },
    group_by: ['payload.host'],
    title: 'Trouble on {payload.host}',
  },
  {
    rule_id: 'scenario-burst',
    name: 'Burst of one host',
    severity: 'INFO',
    pattern: { type: ['scenario.burst'] },
    detector: { kind: 'threshold', aggregate: 'count', window_seconds: 120, threshold: 6 },
    group_by: ['payload.host'],
    title: 'Burst of {payload.host}',
  },
  {
    rule_id: 'scenario-spread',
    name: 'One user from many addresses',
    severity: 'ERROR',
    pattern: { type: ['scenario.spread'] },
    detector: {
      kind: 'threshold',
      aggregate: 'distinct',
      field: 'payload.ip',
      window_seconds: 180,
      threshold: 4,
    },
    group_by: ['payload.user'],
    title: '{payload.user} comes from many addresses',
  },
] as const;

/** Writes the shipped rules, those above and further ones into each tenant of a running instance. */
export async function writeRules(
  url: string,
  tenants: readonly string[],
  further: readonly object[] = [],
): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(url)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const tables = Object.fromEntries(
    Object.entries(TABLES).map(([name, table]) => [name, table.name]),
  ) as Record<keyof typeof TABLES, string>;
  const store = createDynamoRuleStore({
    client,
    tables,
    now: () => Date.now(),
    sleep: (delayMs) => sleep(delayMs),
    random: () => Math.random(),
  });
  try {
    for (const tenant of tenants)
      await seedRules(store, systemContext('setup', tenant, 'scenario'), [
        ...readRulePack(),
        ...SCENARIO_RULES,
        ...further,
      ]);
  } finally {
    client.destroy();
  }
}
