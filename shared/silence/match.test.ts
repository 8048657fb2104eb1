import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildAlert } from '#shared/testing/build-alert.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { checkMatchers, matches } from './match.ts';
import type { Matcher } from './schema.ts';
import { SILENCE_KIND } from './silence-kind.ts';

const alert = buildAlert({
  service: 'checkout',
  severity: 'ERROR',
  rule_id: 'cpu-high',
  labels: { team: 'payments', 'a.b': 'dotted' },
  group: { service: 'checkout', host: 'web-1' },
});
const asks = (field: string, op: Matcher['op'], value: string): Matcher => ({ field, op, value });

describe('a matcher', () => {
  it.each([
    ['service', '=', 'checkout', true],
    ['service', '=', 'check', false],
    ['service', '!=', 'billing', true],
    ['service', '!=', 'checkout', false],
    ['severity', '=~', 'ERROR|CRITICAL', true],
    ['severity', '=~', 'WARN|INFO', false],
    ['rule_id', '=~', 'cpu', false],
    ['rule_id', '=~', 'cpu.*', true],
    ['rule_id', '!~', 'cpu', true],
    ['rule_id', '!~', '(?i)CPU-.+', false],
    ['labels.team', '=', 'payments', true],
    ['labels.a.b', '=', 'dotted', true],
    ['group.host', '=~', 'web-[0-9]+', true],
    ['category', '=', '', true],
    ['category', '!=', '', false],
    ['labels.absent', '=', '', true],
    ['labels.absent', '=~', '.*', true],
    ['labels.absent', '=~', '.+', false],
    ['labels.absent', '!~', '.+', true],
    ['labels.constructor', '=', '', true],
    ['labels.__proto__', '=', '', true],
    ['group.toString', '!=', '', false],
  ] as const)('%s %s %j → %s', (field, op, value, expected) => {
    expect(matches([asks(field, op, value)], alert)).toBe(expected);
  });

  it('holds with all its neighbours, or the alert is not matched', () => {
    const both = [asks('service', '=', 'checkout'), asks('severity', '=', 'ERROR')];
    expect(matches(both, alert)).toBe(true);
    expect(matches([...both, asks('labels.team', '=', 'other')], alert)).toBe(false);
  });

  it('with an expression that would hold V8 for ever is answered like any other', () => {
    const hostile = asks('service', '=~', '(a+)+$');
    const long = buildAlert({ service: `${'a'.repeat(50_000)}!` });
    expect(checkMatchers([hostile])).toEqual([]);
    expect(matches([hostile], long)).toBe(false);
    expect(matches([hostile], buildAlert({ service: 'a'.repeat(50_000) }))).toBe(true);
  });

  it.each([
    ['closes a group that is ours', 'a)|(?:b'],
    ['is not closed', '(a'],
    ['looks around', '(?=a)b'],
    ['refers back', '(a)\\1'],
    ['is too long', 'a'.repeat(1_025)],
  ])('with an expression that %s is refused by its place', (_, value) => {
    const issues = checkMatchers([asks('service', '=', 'x'), asks('service', '=~', value)]);
    expect(issues.map(({ path }) => path)).toEqual(['matchers.1.value']);
    expect(matches([asks('service', '=~', value)], alert)).toBe(false);
    expect(matches([asks('service', '!~', value)], alert)).toBe(false);
  });

  it.each([
    [[asks('service', '=~', '.*')]],
    [[asks('service', '!=', 'x'), asks('category', '=', '')]],
  ])('that every alert could pass is no reason to tell nobody: %j', (matchers) => {
    expect(checkMatchers(matchers).map(({ path }) => path)).toEqual(['matchers']);
  });
});

describe('a silence', () => {
  it.each([
    ['no comment', { comment: ' ' }, 'comment'],
    ['no matchers', { matchers: [] }, 'matchers'],
    ['a field that alerts have not', { matchers: [asks('title', '=', 'x')] }, 'matchers.0.field'],
    ['no end', { ends_at: undefined }, 'ends_at'],
    ['an end before its start', { ends_at: '2026-03-01T11:00:00Z' }, 'ends_at'],
    ['an end after more than 90 days', { ends_at: '2026-05-30T12:00:01Z' }, 'ends_at'],
    ['two ends', { until_resolved: true }, 'ends_at'],
    [
      'a reminder of no end',
      { until_resolved: true, ends_at: undefined, reminder_minutes: 5 },
      'reminder_minutes',
    ],
  ])('with %s is refused by its place', (_, fields, path) => {
    let refused: unknown;
    try {
      SILENCE_KIND.check({ ...buildSilence(), ...fields });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(SentryError);
    expect((refused as SentryError).issues.map((issue) => issue.path)).toContain(path);
  });

  it('of exactly 90 days is taken', () => {
    const longest = buildSilence({ ends_at: '2026-05-30T12:00:00Z' });
    expect(SILENCE_KIND.check(longest)).toEqual(longest);
  });
});
