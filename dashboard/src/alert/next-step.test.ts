import { describe, expect, it } from 'vitest';

import { nextStepWords } from './next-step.tsx';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

describe('the next step of an alert', () => {
  it.each([
    ['OPEN', at(42), 'escalates in 0:42'],
    ['OPEN', at(299), 'escalates in 4:59'],
    ['OPEN', at(-1), 'escalates now'],
    ['ACK', at(7_200), 'reopens in 2 h'],
    ['RESOLVED', at(60), ''],
    ['OPEN', undefined, ''],
    ['OPEN', 'nonsense', ''],
  ] as const)('of %s at %s reads "%s"', (state, next_escalation_at, words) => {
    expect(nextStepWords({ state, next_escalation_at }, NOW)).toBe(words);
  });
});
