import { describe, expect, it } from 'vitest';

import { createMemoryLookupStore } from '#shared/adapters/memory/memory-lookup-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { DetectorConfig } from '#shared/detection/kinds.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { foresee } from './foresee.ts';

async function ask(
  rule: DetectionRule,
  rules: Partial<ResponseRules> = {},
  at = BUILT_AT,
  event: Record<string, unknown> = { ...buildEvent() },
) {
  const tables = createMemoryTables();
  const store = createMemoryRuleStore(tables);
  await store.save('t1', { rule, expected: 0, journal: [], outbox: [] });
  const ports = {
    rules: store,
    lookups: createMemoryLookupStore(tables, () => {}),
    response: async () => ({ ...NO_RESPONSE, policies: [buildPolicy()], ...rules }),
  };
  const explained = await foresee(ports, buildContext({ now: 0 }), event, at);
  expect([tables.alerts.size, tables.deliveries.size, tables.journal.size]).toEqual([0, 0, 0]);
  return { ...explained, reasons: explained.lines.map(({ outcome }) => outcome) };
}

const THREE_IN_TEN_MINUTES = DetectorConfig.parse({
  kind: 'threshold',
  aggregate: 'count',
  operator: '>=',
  threshold: 3,
  window_seconds: 600,
});

describe('what would happen if an event came', () => {
  it('is the alert that would open and everybody who would be told, when', async () => {
    const { outcome, lines, reasons } = await ask(buildRule());
    expect(outcome).toBe('told');
    expect(reasons.slice(0, 3)).toEqual(['rule_matched', 'opened', 'policy_chosen']);
    const told = lines.filter((line) => line.outcome === 'told');
    expect(told.map(({ at }) => at.slice(11, 16))).toEqual([
      '12:00',
      '12:00',
      '12:00',
      '12:00',
      '12:15',
    ]);
    expect(lines[1]!.sentence).toContain('CPU of checkout is 95 %');
  });

  it('is nothing while a silence holds, and everything after it', async () => {
    const silences = [buildSilence({ ends_at: '2026-03-01T12:10:00.000Z' })];
    const during = await ask(buildRule(), { silences });
    expect(during.reasons.slice(0, 3)).toEqual(['rule_matched', 'opened', 'silenced']);
    const after = await ask(buildRule(), { silences }, '2026-03-01T12:10:00.000Z', {
      ...buildEvent({ timestamp: '2026-03-01T12:10:00.000Z' }),
    });
    expect(after.outcome).toBe('told');
  });

  it.each([
    ['staged', buildRule({ state: 'STAGED' })],
    ['rule_disabled', buildRule({ state: 'DISABLED' })],
    ['no_pattern_matched', buildRule({ pattern: { type: ['x'] } })],
    [
      'below_threshold',
      buildRule({
        detector: THREE_IN_TEN_MINUTES,
      }),
    ],
  ])('is %s', async (expected, rule) => {
    expect((await ask(rule)).outcome).toBe(expected);
  });

  it('is that no policy matches, or that the event would be quarantined', async () => {
    expect((await ask(buildRule(), { policies: [] })).outcome).toBe('no_policy');
    expect((await ask(buildRule(), {}, BUILT_AT, { source: 's' })).outcome).toBe('quarantined');
  });
});
