import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { HOSTILE_RULES } from '#shared/testing/hostile-rules.ts';

import { checkRule } from './check-rule.ts';
import { compileRuleSet } from './compile-rule-set.ts';

describe('a hostile rule', () => {
  it.each(HOSTILE_RULES)('with $name is refused by name', ({ write, path, message }) => {
    const written = write();
    let refusal: unknown;
    try {
      checkRule(written);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(SentryError);
    const { code, issues } = refusal as SentryError;
    expect(code).toBe('invalid_input');
    expect(issues[0]).toEqual({ path, message: expect.stringMatching(message) as string });
    expect(issues.length).toBeLessThanOrEqual(20);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });

  it('of 10 MB is read no further than a rule may be long', () => {
    let looks = 0;
    const counted = Array.from({ length: 100_000 }, () => ({
      get field() {
        looks++;
        return ['x'];
      },
    }));
    expect(() => checkRule({ ...buildRule(), pattern: { $or: counted } })).toThrow(/131,072 bytes/);
    expect(looks).toBeLessThan(131_072 / 8);
  });

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    'that asks for %s finds own keys only',
    (key) => {
      const rule = checkRule(
        buildRule({
          pattern: { payload: { [key]: [{ exists: true }] } },
          group_by: [`payload.${key}`],
          title: `{payload.${key}}`,
        }),
      );
      const set = compileRuleSet([rule]);
      expect(set.match(buildEvent({ payload: { a: 1 } })).matches).toEqual([]);
      const [found] = set.match(buildEvent({ payload: { [key]: 'own' } })).matches;
      expect(found!.group).toEqual({ [`payload.${key}`]: 'own' });
    },
  );
});
