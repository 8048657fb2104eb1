import { describe, expect, it } from 'vitest';

import type { SelfResolves } from './schema.ts';
import { fatigueScore, HOLD_SCORE, learnResolve } from './score.ts';

const MINUTE = 60_000;
const quick = { lastedMs: 2 * MINUTE, byItself: true };
const slow = { lastedMs: 6 * MINUTE, byItself: true };
const human = { lastedMs: 2 * MINUTE, byItself: false };
const after = (...lives: { lastedMs: number; byItself: boolean }[]) =>
  lives.reduce<SelfResolves | undefined>(learnResolve, undefined);
const times = <Life>(n: number, life: Life) => Array.from({ length: n }, () => life);

describe('the fatigue score of a group', () => {
  it.each([
    ['without a history', [], 0.2],
    ['that went by itself once', [quick], 0.429],
    ['that stayed once', [slow], 0.143],
    ['that lasted five minutes to the millisecond', [{ ...quick, lastedMs: 300_000 }], 0.429],
    ['that lasted a millisecond more', [{ ...quick, lastedMs: 300_001 }], 0.143],
  ])('%s is %s → %s', (_, lives, expected) => {
    expect(fatigueScore(after(...lives))).toBe(expected);
  });

  it('holds nothing back before nine lives of a kind', () => {
    const lives = (n: number) => fatigueScore(after(...times(n, quick)));
    expect(lives(8)).toBeLessThan(HOLD_SCORE);
    expect(lives(10)).toBeGreaterThanOrEqual(HOLD_SCORE);
  });

  it('learns nothing from what people ended quickly, and that it stays from what they ended late', () => {
    expect(after(human, human)).toBeUndefined();
    expect(fatigueScore(after({ ...slow, byItself: false }))).toBe(0.143);
  });

  it('forgets: a group that changed its ways is believed again within a few lives', () => {
    const fading = times(200, quick);
    expect(fatigueScore(after(...fading))).toBeGreaterThan(0.9);
    expect(fatigueScore(after(...fading, ...times(4, slow)))).toBeLessThan(HOLD_SCORE);
    expect(after(...times(10_000, quick))!.quick).toBeLessThan(21);
  });
});
