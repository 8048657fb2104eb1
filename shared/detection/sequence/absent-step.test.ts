import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  BASE,
  LATER_WITHOUT,
  lettersOf,
  MINUTE,
  naive,
  run,
  sample,
  WITHOUT,
} from './naive-oracle.ts';
import { sequenceKind } from './sequence.ts';

const WORDS = fc.constantFrom('a', 'b', 'c', 'ab', 'bc', 'ac');

describe('a sequence whose last step must not come', () => {
  const due = (state: Parameters<NonNullable<ReturnType<typeof sequenceKind.init>['dueAt']>>[0]) =>
    (sequenceKind.init(WITHOUT).dueAt!(state) ?? Number.NaN) - BASE;

  it('is found by the sweeper a minute after the window, once', () => {
    const { detector, state } = run(WITHOUT, [sample(0, 'a')]);
    expect(due(state)).toBe(11 * MINUTE);
    const early = detector.elapse!(state, BASE + 11 * MINUTE - 1);
    expect(early).toEqual({ state });
    const found = detector.elapse!(state, BASE + 11 * MINUTE);
    expect(found.match).toMatchObject({ occurrences: 1, since: BASE });
    expect(found.match!.explain).toEqual({
      detector: 'sequence',
      summary: 'a, then no b within 10 min',
      expected: 'after a, b within 10 min',
      observed: 'no b until 2026-03-01T00:10:00.000Z',
      window_seconds: 600,
      values: {
        'step 1, a': '2026-03-01T00:00:00.000Z',
        'step 2, b': 'none until 2026-03-01T00:10:00.000Z',
        took: '0 ms',
      },
    });
    expect(detector.dueAt!(found.state)).toBeUndefined();
    expect(detector.elapse!(found.state, BASE + 99 * MINUTE).match).toBeUndefined();
    const later = detector.update(found.state, {
      event_id: 'x',
      at: BASE + 20 * MINUTE,
      stated_at: 0,
      value: [],
    });
    expect(later.match).toBeUndefined();
  });

  it('is found by a later event of the series, even one that fits no step, once', () => {
    const { verdicts, detector, state } = run(WITHOUT, [
      sample(0, 'a'),
      sample(10.9, ''),
      sample(11, ''),
      sample(12, ''),
    ]);
    expect(verdicts.map((verdict) => verdict?.occurrences)).toEqual([
      undefined,
      undefined,
      1,
      undefined,
    ]);
    expect(detector.elapse!(state, BASE + 99 * MINUTE).match).toBeUndefined();
  });

  it('stays quiet when the step comes, also when it arrives after an event from beyond the window', () => {
    expect(run(WITHOUT, [sample(0, 'a'), sample(10, 'b'), sample(30, '')]).occurrences).toBe(0);
    const late = run(WITHOUT, [sample(0, 'a'), sample(10.5, ''), sample(10, 'b'), sample(30, '')]);
    expect(late.occurrences).toBe(0);
    expect(late.detector.dueAt!(late.state)).toBeUndefined();
  });

  it('waits for each occurrence by itself', () => {
    const { state, occurrences } = run(WITHOUT, [
      sample(0, 'a'),
      sample(1, 'b'),
      sample(2, 'a'),
      sample(5, 'a'),
    ]);
    expect(occurrences).toBe(0);
    expect(due(state)).toBe(13 * MINUTE);
    const { detector } = run(WITHOUT, []);
    const first = detector.elapse!(state, BASE + 13 * MINUTE);
    expect(first.match!.occurrences).toBe(1);
    expect(due(first.state)).toBe(16 * MINUTE);
  });

  it('awaits nothing after a sequence that is not whole', () => {
    const { detector, state } = run(LATER_WITHOUT, [sample(0, 'a'), sample(1, 'b')]);
    expect(detector.dueAt!(state)).toBeUndefined();
    const whole = run(LATER_WITHOUT, [sample(0, 'a'), sample(1, 'b'), sample(0.5, 'a')]);
    expect(whole.detector.dueAt!(whole.state)).toBe(BASE + 12 * MINUTE);
  });

  it.each([
    ['a without b', WITHOUT],
    ['a twice, b, without c', LATER_WITHOUT],
    ['a without b in five seconds', { ...WITHOUT, within_seconds: 5 }],
  ])(
    'counts for %s what the definition says, whether events or the sweeper find it, whatever comes up to a minute late',
    (_name, config) => {
      const walk = fc.array(
        fc.record({
          step: fc.nat(config.within_seconds * 500),
          delay: fc.nat(60_000),
          word: WORDS,
          swept: fc.boolean(),
        }),
        { minLength: 1, maxLength: 14 },
      );
      fc.assert(
        fc.property(walk, (steps) => {
          let at = 0;
          const sent = steps.map(({ step, ...rest }) => ({ ...rest, at: (at += step) }));
          const arriving = sent.toSorted((a, b) => a.at + a.delay - (b.at + b.delay));
          const detector = sequenceKind.init(config);
          let state = detector.empty();
          let occurrences = 0;
          const take = (update: ReturnType<typeof detector.update>) => {
            state = update.state;
            occurrences += update.match?.occurrences ?? 0;
          };
          for (const item of arriving) {
            const now = BASE + item.at + item.delay;
            const value = lettersOf(item.word);
            if (item.swept) take(detector.elapse!(state, now - 1));
            take(detector.update(state, { event_id: '', at: BASE + item.at, stated_at: 0, value }));
          }
          for (let due = detector.dueAt!(state); due !== undefined; due = detector.dueAt!(state))
            take(detector.elapse!(state, due));
          expect(occurrences).toBe(naive(config, sent));
        }),
      );
    },
  );
});
