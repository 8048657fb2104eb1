import { describe, expect, it } from 'vitest';

import { lastWords, rateWords } from './words.ts';

const HEALTH = {
  state: 'ok',
  sent: 1,
  failed: 1,
  dead: 0,
  put_off: 0,
  success_rate: 0.5,
  heard: 0,
  unknown: 0,
} as const;

describe('how a channel fares, in words', () => {
  it('says 100 % only when every attempt got through', () => {
    expect(rateWords(1)).toBe('100 %');
    expect(rateWords(0.9999)).toBe('99.9 %');
    expect(rateWords(0)).toBe('0 %');
    expect(rateWords(null)).toBeUndefined();
  });

  it('has the words of the attempt that ended last', () => {
    const last_success = { at: '2026-01-01T00:00:02.000Z', receipt: 'ok' };
    const earlier = { at: '2026-01-01T00:00:01.000Z', reason: 'HTTP 500' };
    const later = { at: '2026-01-01T00:00:03.000Z', reason: 'HTTP 500' };
    expect(lastWords({ ...HEALTH, last_success, last_failure: earlier })).toMatchObject({
      isGood: true,
      words: 'ok',
    });
    expect(lastWords({ ...HEALTH, last_success, last_failure: later })).toMatchObject({
      isGood: false,
      words: 'HTTP 500',
    });
    expect(lastWords(HEALTH)).toBeUndefined();
  });
});
