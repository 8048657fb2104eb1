import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { checkRule } from './check-rule.ts';
import { compileRuleSet } from './compile-rule-set.ts';
import { runRuleTests } from './run-rule-tests.ts';

describe('checkRule', () => {
  const threshold = {
    kind: 'threshold',
    aggregate: 'sum',
    field: 'payload.n',
    window_seconds: 60,
    threshold: 1,
  };
  it('fills in the defaults of a minimal rule', () => {
    const { pattern, rule_id, name, severity, title } = buildRule();
    const rule = checkRule({
      pattern,
      rule_id,
      name,
      severity,
      title,
      detector: { kind: 'match' },
    });
    expect(rule).toMatchObject({
      state: 'ENABLED',
      group_by: [],
      tests: [],
      reopen_window_seconds: 300,
    });
  });

  it.each<[string, object, string, RegExp]>([
    ['an unknown severity', { severity: 'LOUD' }, 'severity', /./],
    ['the id of a fixed path', { rule_id: 'export' }, 'rule_id', /path of the API/],
    ['a bad id', { rule_id: 'Über' }, 'rule_id', /./],
    [
      'a pattern that does not compile',
      { pattern: { payload: { s: [{ prefix: 1 }] } } },
      'pattern.payload.s[0]',
      /prefix must be a string/,
    ],
    ['an empty pattern', { pattern: {} }, 'pattern', /empty objects/],
    [
      'a pattern over a field that events do not have',
      { pattern: { detail: { a: [1] } } },
      'pattern.detail.a',
      /did you mean "payload.detail"/,
    ],
    [
      'the same inside $or',
      { pattern: { $or: [{ type: ['a'] }, { user: ['b'] }] } },
      'pattern.user',
      /no field "user"/,
    ],
    [
      'a threshold without field',
      { detector: { ...threshold, field: undefined } },
      'detector.field',
      /names the value/,
    ],
    [
      'a field that is no path',
      { detector: { ...threshold, field: 'payload..n' } },
      'detector.field',
      /dotted path/,
    ],
    ['an unknown detector', { detector: { kind: 'magic' } }, 'detector.kind', /./],
    [
      'a group by an unknown field',
      { group_by: ['service', 'user'] },
      'group_by[1]',
      /payload.user/,
    ],
    ['a title with an unclosed brace', { title: 'a {payload.x' }, 'title', /unclosed/],
    ['a title with an unknown field', { title: '{user}' }, 'title', /payload.user/],
    [
      'a runbook that is no web address',
      { runbook_url: 'javascript:alert(1)' },
      'runbook_url',
      /https/,
    ],
    [
      'a rule that is too large',
      { tests: [{ name: 'x', expect: 'quiet', events: [{ a: 'x'.repeat(200_000) }] }] },
      'tests',
      /at most/,
    ],
  ])('refuses %s and names the place', (_name, change, path, message) => {
    try {
      checkRule({ ...buildRule(), ...change });
      expect.unreachable('the rule was taken');
    } catch (error) {
      expect(error).toBeInstanceOf(SentryError);
      const { code, issues } = error as SentryError;
      expect(code).toBe('invalid_input');
      expect(issues).toContainEqual({ path, message: expect.stringMatching(message) as string });
    }
  });

  it.each([null, 'x', [], 5, undefined])('refuses %j as a whole', (input) => {
    expect(() => checkRule(input)).toThrow(SentryError);
  });
});

describe('compileRuleSet', () => {
  const event = buildEvent({ payload: { value_percent: 95, host: 'web-1' } });

  it('matches with group and value, in the order of the rules', () => {
    const set = compileRuleSet([
      buildRule({ rule_id: 'b', group_by: ['service', 'payload.host', 'payload.none'] }),
      buildRule({
        rule_id: 'a',
        detector: {
          kind: 'threshold',
          aggregate: 'avg',
          field: 'payload.value_percent',
          window_seconds: 60,
          operator: '>=',
          threshold: 1,
          min_events: 1,
        },
      }),
    ]);
    const { matches, faults } = set.match(event);
    expect(faults).toEqual([]);
    expect(matches.map(({ compiled, value }) => [compiled.rule.rule_id, value])).toEqual([
      ['b', undefined],
      ['a', 95],
    ]);
    expect(matches[0]!.group).toEqual({
      service: 'checkout',
      'payload.host': 'web-1',
      'payload.none': '‹payload.none›',
    });
  });

  it('evaluates enabled and staged rules only, and marks the staged', () => {
    const states = ['DRAFT', 'STAGED', 'ENABLED', 'DISABLED', 'ARCHIVED'] as const;
    const set = compileRuleSet(
      states.map((state) => buildRule({ rule_id: state.toLowerCase(), state })),
    );
    const found = set
      .match(event)
      .matches.map(({ compiled }) => [compiled.rule.rule_id, compiled.staged]);
    expect(found).toEqual([
      ['staged', true],
      ['enabled', false],
    ]);
  });

  it('gives different groups different keys, however long or alike the values', () => {
    const set = compileRuleSet([buildRule({ group_by: ['payload.a', 'payload.b'] })]);
    const keyOf = (a: unknown, b: unknown) =>
      set.match(buildEvent({ payload: { value_percent: 95, a, b } })).matches[0]!.group_key;
    const long = 'x'.repeat(100_000);
    const keys = [
      keyOf('a', 'bc'),
      keyOf('ab', 'c'),
      keyOf('', 'abc'),
      keyOf(`${long}1`, ''),
      keyOf(`${long}2`, ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(500);
  });

  it('keeps a rule that cannot be compiled apart, and the others working', () => {
    const set = compileRuleSet([buildRule({ rule_id: 'bad', pattern: { a: 5 } }), buildRule()]);
    expect(set.broken).toMatchObject([
      { rule_id: 'bad', error: { message: 'pattern.a: must be an object or a list' } },
    ]);
    expect(set.match(event).matches).toHaveLength(1);
  });

  it('reports a rule that throws as a fault, never as no match, and the others still match', () => {
    const set = compileRuleSet([
      buildRule({ rule_id: 'reads-labels', pattern: { labels: { team: ['x'] } } }),
      buildRule({ rule_id: 'groups-labels', group_by: ['labels.team'] }),
      buildRule(),
    ]);
    const hostile = { ...event };
    Object.defineProperty(hostile, 'labels', {
      enumerable: true,
      get() {
        throw new Error('unreadable');
      },
    });
    const { matches, faults } = set.match(hostile);
    expect(matches.map(({ compiled }) => compiled.rule.rule_id)).toEqual(['cpu-high']);
    expect(faults.map(({ rule_id }) => rule_id)).toEqual(['reads-labels', 'groups-labels']);
  });
});

describe('runRuleTests', () => {
  const reading = (value_percent: unknown) => ({
    source: 'agent',
    type: 'metric.cpu',
    payload: { value_percent },
  });
  const test = (expect: 'fires' | 'quiet', ...events: Record<string, unknown>[]) => ({
    name: 'it',
    expect,
    events,
  });

  it('tells what fires, what stays quiet, and what each should have done', () => {
    const rule = buildRule({
      tests: [test('fires', reading(95)), test('quiet', reading(5)), test('quiet', reading(95))],
    });
    const results = runRuleTests(rule).map(({ actual, passed }) => [actual, passed]);
    expect(results).toEqual([
      ['fires', true],
      ['quiet', true],
      ['fires', false],
    ]);
  });

  it('runs rules that are not enabled, too', () => {
    const rule = buildRule({ state: 'DRAFT', tests: [test('fires', reading(95))] });
    expect(runRuleTests(rule)[0]!.passed).toBe(true);
  });

  it('never passes a test whose events cannot be read', () => {
    const rule = buildRule({
      tests: [test('quiet', { type: 'x' }), test('quiet', { ...reading(1), timestamp: 'soon' })],
    });
    expect(runRuleTests(rule).map(({ actual, passed }) => [actual, passed])).toEqual([
      ['fault', false],
      ['fault', false],
    ]);
  });
});
