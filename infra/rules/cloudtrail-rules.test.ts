import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { asOftenAsCounted, firedRules } from '#infra/bench/labelled-corpus.ts';
import { readRulePack } from '#infra/rule-pack.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { runRuleTests } from '#shared/rule/run-rule-tests.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { unknownFields } from '#shared/rule/unknown-field.ts';

import { CLOUDTRAIL_SOURCES } from './cloudtrail-sources.ts';

const written = readRulePack('cloudtrail');
const rules = written.map((rule) => checkRule(rule));
const named = rules.map((rule) => [rule.rule_id, rule] as const);

describe('CloudTrail pack', () => {
  it('is every JSON file of the folder, each named after its rule and told of in its README', () => {
    const files = readdirSync(new URL('cloudtrail', import.meta.url))
      .filter((name) => name.endsWith('.json'))
      .sort();
    const told = readFileSync(new URL('cloudtrail/README.md', import.meta.url), 'utf8');
    expect(files).toEqual(rules.map((rule) => `${rule.rule_id}.json`));
    expect(rules.filter(({ rule_id }) => !told.includes(`\`${rule_id}\``))).toEqual([]);
    expect(told).toContain(`${rules.length} rules`);
  });

  it('has no misspelled field and no id of the default pack', () => {
    expect(written.flatMap((rule, index) => unknownFields(rule, rules[index]!))).toEqual([]);
    const shipped = new Set(readRulePack().map((rule) => checkRule(rule).rule_id));
    expect(rules.filter(({ rule_id }) => shipped.has(rule_id))).toEqual([]);
  });

  it.each(named)('%s carries a test that fires and one that stays quiet, and passes', (_, rule) => {
    expect(new Set(rule.tests.map((test) => test.expect))).toEqual(new Set(['fires', 'quiet']));
    expect(runRuleTests(rule).filter((result) => !result.passed)).toEqual([]);
  });

  it.each(named)(
    '%s opens an alert for the records as CloudTrail and EventBridge send them, too',
    async (_, rule) => {
      expect(await firedRules([rule], firstRecord(rule), asOftenAsCounted(rule))).toEqual([
        [rule.rule_id],
        [rule.rule_id],
      ]);
    },
  );

  it('answers to rules of the labelled corpus one to one', () => {
    const ids = new Set(rules.map(({ rule_id }) => rule_id));
    expect(Object.keys(CLOUDTRAIL_SOURCES).filter((id) => !ids.has(id))).toEqual([]);
    const sources = Object.values(CLOUDTRAIL_SOURCES);
    expect(new Set(sources).size).toBe(sources.length);
  });
});

function firstRecord(rule: DetectionRule) {
  const [event] = rule.tests.find((test) => test.expect === 'fires')!.events;
  return event!['payload'] as Record<string, unknown>;
}
