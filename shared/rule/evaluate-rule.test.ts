import { describe, expect, it } from 'vitest';

import { buildRule } from '#shared/testing/build-rule.ts';

import { evaluateRule } from './evaluate-rule.ts';

const BEGIN = Date.parse('2026-01-05T12:00:00.000Z');
const rule = buildRule({
  pattern: { type: ['beat'] },
  detector: { kind: 'absence', window_seconds: 300, grace_seconds: 0 },
  group_by: ['service'],
  title: 'No beat of {service}',
});
const beat = (id: number, seconds: number, service: string, type = 'beat') => {
  const stated_at = BEGIN + seconds * 1000;
  const timestamp = new Date(stated_at).toISOString();
  const event = {
    event_id: `e-${id}`,
    source: 'a',
    type,
    severity: 'INFO' as const,
    timestamp,
    payload: {},
    service,
  };
  return { event, at: stated_at, stated_at };
};

describe('a rule that finds silence, tried on events', () => {
  it('is judged up to the newest event of all, selected or not', () => {
    const events = [beat(1, 0, 'a'), beat(2, 0, 'b'), beat(3, 200, 'b')];
    expect(evaluateRule(rule, events).map(({ occurrences }) => occurrences)).toEqual([0, 0]);
    const [a, b] = evaluateRule(rule, [...events, beat(4, 300, 'c', 'other')]);
    expect(a).toMatchObject({
      group: { service: 'a' },
      matched: 1,
      occurrences: 1,
      title: 'No beat of a',
      explanation: { detector: 'absence', summary: 'no event for 5 min' },
    });
    expect(b).toMatchObject({ matched: 2, occurrences: 0 });
  });

  it('finds each silence between its events once, as the sweeper would have', () => {
    const events = [0, 100, 700, 800, 2_000].map((seconds, id) => beat(id, seconds, 'a'));
    expect(evaluateRule(rule, [...events, beat(1, 100, 'a')])).toMatchObject([
      { matched: 6, duplicates: 1, occurrences: 2 },
    ]);
  });
});
