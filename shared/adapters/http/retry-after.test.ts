import { describe, expect, it } from 'vitest';

import { readRetryAfter } from './retry-after.ts';

const DATE = 'Sun, 01 Mar 2026 12:00:00 GMT';
const NOW = Date.parse(DATE);

describe('readRetryAfter', () => {
  it.each<[string | undefined, number | undefined]>([
    ['1', 1_000],
    ['30', 30_000],
    ['3600', 3_600_000],
    [' 5 ', 5_000],
    ['0', 0],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e9', undefined],
    ['Infinity', undefined],
    ['99999999999999999999', undefined],
    ['2', 2_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Sun, 99 Zzz 2026 99:99:99 GMT', undefined],
    ['2026-03-01T12:00:30Z', undefined],
  ])('%s → %s ms', (header, expected) => {
    expect(readRetryAfter(header, DATE, NOW)).toBe(expected);
  });

  it('measures a date by the receiver’s own clock, so that ours may be an hour fast', () => {
    const fast = NOW + 3_600_000;
    expect(readRetryAfter('Sun, 01 Mar 2026 12:00:30 GMT', DATE, fast)).toBe(30_000);
    expect(readRetryAfter('Sun, 01 Mar 2026 12:00:30 GMT', undefined, NOW)).toBe(30_000);
  });
});
