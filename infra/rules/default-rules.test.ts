import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readRulePack } from '#infra/rule-pack.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { runRuleTests } from '#shared/rule/run-rule-tests.ts';

const rules = readRulePack().map((rule) => checkRule(rule));

describe('shipped rules', () => {
  it('are every file of the folder, each named after its rule', () => {
    const files = readdirSync(new URL('default', import.meta.url)).sort();
    expect(files).toEqual(rules.map((rule) => `${rule.rule_id}.json`));
  });

  it.each(rules.map((rule) => [rule.rule_id, rule] as const))(
    '%s carries a test that fires and one that stays quiet, and passes all of its tests',
    (_id, rule) => {
      const expected = new Set(rule.tests.map((test) => test.expect));
      expect(expected).toEqual(new Set(['fires', 'quiet']));
      expect(runRuleTests(rule).filter((result) => !result.passed)).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.rule_id, rule] as const))(
    '%s does not fire on what must fire another rule of another type',
    (_id, rule) => {
      const foreign = rules.filter((other) => !sharesType(rule.pattern, other.pattern));
      const tests = foreign.flatMap((other) =>
        other.tests
          .filter((test) => test.expect === 'fires')
          .map((test) => ({ ...test, expect: 'quiet' as const })),
      );
      expect(runRuleTests({ ...rule, tests }).filter((result) => !result.passed)).toEqual([]);
    },
  );
});

function sharesType(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const types = (pattern: Record<string, unknown>) =>
    (pattern['type'] as unknown[]).filter((type) => typeof type === 'string');
  return a === b || types(a).some((type) => types(b).includes(type));
}
