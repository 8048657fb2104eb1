import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import { ChannelConfig } from '#shared/notification/schema.ts';
import { buildAlert } from '#shared/testing/build-alert.ts';

import { choosePolicy } from './choose-policy.ts';
import { DEFAULT_POLICIES } from './default-policy.ts';
import { listPolicies } from './list-policies.ts';
import { planOnward } from './plan-step.ts';
import { EscalationPolicy } from './schema.ts';

describe('the shipped policies', () => {
  it.each([
    ['CRITICAL', ['email', 'pagerduty', 'slack', 'webhook']],
    ['ERROR', ['email', 'pagerduty', 'slack', 'webhook']],
    ['WARN', ['slack', 'webhook']],
    ['INFO', ['webhook']],
  ] as const)('%s tells %j at once', (severity, channels) => {
    const alert = buildAlert({ severity, escalation_level: 0 });
    const policy = choosePolicy(DEFAULT_POLICIES, alert);
    const { deliveries, timer } = planOnward(policy!, [], alert, alert.created_at);
    expect(deliveries.map(({ channel }) => channel).sort()).toEqual(channels);
    expect(timer).toBeUndefined();
  });

  it('are valid, and tell only channels that are shipped', () => {
    for (const policy of DEFAULT_POLICIES) {
      expect(EscalationPolicy.parse(policy)).toEqual(policy);
      for (const { channel, destination } of policy.steps.flatMap(({ targets }) => targets))
        expect(DEFAULT_CHANNELS).toContainEqual(
          expect.objectContaining({ channel, channel_id: destination }),
        );
    }
  });

  it('give way to a tenant’s own', async () => {
    const store = createMemoryDocumentStore<EscalationPolicy>(createMemoryTables());
    expect(await listPolicies(store, 't1')).toBe(DEFAULT_POLICIES);
    const own = { ...DEFAULT_POLICIES[0]!, policy_id: 'own' };
    const change = { id: 'own', document: own, expected: 0, journal: [], outbox: [] };
    await store.save('t1', change);
    expect(await listPolicies(store, 't1')).toEqual([own]);
    expect(await listPolicies(store, 't2')).toBe(DEFAULT_POLICIES);
  });
});

describe('the shipped channels', () => {
  it('are valid, and their secondaries exist', () => {
    for (const channel of DEFAULT_CHANNELS) {
      expect(ChannelConfig.parse(channel)).toEqual(channel);
      if (channel.secondary !== undefined)
        expect(DEFAULT_CHANNELS.map(({ channel_id }) => channel_id)).toContain(channel.secondary);
    }
  });
});
