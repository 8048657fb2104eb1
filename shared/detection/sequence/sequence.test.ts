import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { detectorContract } from '#shared/testing/detector-contract.ts';
import { buildEvent } from '#shared/testing/build-event.ts';

import {
  BASE,
  GUESSED,
  LATER_WITHOUT,
  naive,
  run,
  sample,
  THEN,
  THREE,
  WITHOUT,
  withSteps,
} from './naive-oracle.ts';
import type { Sample } from './naive-oracle.ts';
import { sequenceKind } from './sequence.ts';
import { EVENTS_MAX } from './state.ts';

const WORDS = fc.constantFrom('a', 'b', 'c', 'ab', 'bc', 'ac');
const samplesWithin = (ms: number, max: number) =>
  fc.array(fc.record({ at: fc.integer({ min: 0, max: ms }), word: WORDS }), {
    minLength: 1,
    maxLength: max,
  });
const shuffledToo = (samples: Sample[]) =>
  fc.tuple(
    fc.constant(samples),
    fc.shuffledSubarray(samples, { minLength: samples.length, maxLength: samples.length }),
  );
/** Coarse times, so that events share a millisecond. */
const coarse = (samples: Sample[]) =>
  samples.map(({ at, word }) => ({ at: Math.floor(at / 30_000) * 30_000, word }));

const steps = fc.subarray([0, 1, 2]);
detectorContract(THREE, steps, 120_000);
detectorContract(LATER_WITHOUT, steps, 120_000);

describe('sequence', () => {
  it('fires with the event that completes it, and counts every event that is part of it', () => {
    const { verdicts } = run(GUESSED, [
      sample(0, 'a'),
      sample(1, 'a'),
      sample(2, 'b'),
      sample(3, 'a'),
      sample(4, 'a'),
      sample(5, 'b'),
      sample(6, 'b'),
    ]);
    expect(verdicts.map((verdict) => verdict?.occurrences)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      5,
      1,
    ]);
    expect(verdicts[5]!.since).toBe(BASE);
  });

  it('stays quiet when the order is another, or when it takes longer than the window', () => {
    expect(run(THEN, [sample(0, 'b'), sample(1, 'a')]).occurrences).toBe(0);
    expect(run(THEN, [sample(0, 'a'), sample(10.001, 'b')]).occurrences).toBe(0);
    expect(run(THEN, [sample(0, 'a'), sample(10, 'b')]).occurrences).toBe(2);
  });

  it('lets events of the same millisecond follow each other, but takes none for two steps', () => {
    expect(run(THEN, [sample(0, 'b'), sample(0, 'a')]).occurrences).toBe(2);
    expect(run(THEN, [sample(0, 'ab')]).occurrences).toBe(0);
    expect(run(THEN, [sample(0, 'ab'), sample(1, 'ab')]).occurrences).toBe(2);
  });

  it('explains which steps came when, and how long it took', () => {
    const events = [sample(0, 'a'), sample(1, 'a'), sample(2, 'a'), sample(2.5, 'b')];
    expect(run(GUESSED, events).verdicts.at(-1)!.explain).toEqual({
      detector: 'sequence',
      summary: 'failed login ×3, then success in 2.5 min, window 10 min',
      expected: 'not failed login ×3, then success within 10 min',
      observed: 'failed login ×3, then success in 2.5 min',
      window_seconds: 600,
      values: {
        'step 1, failed login':
          '2026-03-01T00:00:00.000Z, 2026-03-01T00:01:00.000Z, 2026-03-01T00:02:00.000Z',
        'step 2, success': '2026-03-01T00:02:30.000Z',
        took: '2.5 min',
      },
    });
    expect(sequenceKind.describe(GUESSED)).toBe('failed login ×3, then success within 10 min');
  });

  it.each([
    ['a then b', THEN],
    ['a three times then b', GUESSED],
    ['a then b then c', THREE],
  ])('counts for %s what the definition says, in whatever order events come', (_name, config) => {
    fc.assert(
      fc.property(
        samplesWithin(600_000, 12).map(coarse).chain(shuffledToo),
        ([samples, shuffled]) => {
          const ordered = run(config, samples);
          const other = run(config, shuffled);
          expect(ordered.occurrences).toBe(naive(config, samples));
          expect(other.occurrences).toBe(ordered.occurrences);
          expect(other.detector.pack(other.state)).toEqual(ordered.detector.pack(ordered.state));
        },
      ),
    );
  });

  it('counts what the definition says over many windows when events come at most a window late', () => {
    /** Multiples of the window's parts and a millisecond more, so that its edges are met. */
    const around = (most: number) =>
      fc.tuple(fc.nat(most), fc.nat(1)).map(([parts, more]) => parts * 100_000 + more);
    const walk = fc.array(fc.record({ step: around(4), back: around(5), word: WORDS }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(walk, (steps) => {
        let newest = 0;
        const samples = steps.map(({ step, back, word }, index) => {
          newest += step;
          return { at: index % 3 === 0 ? newest : Math.max(newest - back, 0), word };
        });
        expect(run(THREE, samples).occurrences).toBe(naive(THREE, samples));
      }),
    );
  });
});

describe('a short sequence', () => {
  it('takes what comes up to a minute late in its place', () => {
    const short = { ...GUESSED, within_seconds: 5 };
    const sent = fc.array(fc.record({ at: fc.nat(60_000), delay: fc.nat(60_000), word: WORDS }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(sent, (samples) => {
        const arriving = samples.toSorted((a, b) => a.at + a.delay - (b.at + b.delay));
        expect(run(short, arriving).occurrences).toBe(naive(short, samples));
      }),
    );
    const hasty = { ...short, grace_seconds: 0 };
    const { skipped } = run(hasty, [sample(1, 'a'), sample(0.9, 'a')]);
    expect(skipped).toEqual(['more than 5 s late']);
  });
});

describe('the state of a sequence', () => {
  it('stays within 4 KB; a flood of one step costs counted events, never the finding', () => {
    const flood = Array.from({ length: 3 * EVENTS_MAX }, (_, index) => ({
      at: 1000 + index * 300,
      word: 'b',
    }));
    const { detector, state } = run(THREE, [{ at: 0, word: 'a' }, ...flood]);
    expect(state.events).toHaveLength(EVENTS_MAX);
    expect(state.dropped).toBe(2 * EVENTS_MAX + 1);
    expect(detector.pack(state).length).toBeLessThanOrEqual(4096);
    const at = BASE + 590_000;
    const end = detector.update(state, { event_id: '', at, stated_at: at, value: [2] });
    expect(end.match!.occurrences).toBe(EVENTS_MAX + 1);
    expect(end.match!.explain.values).toMatchObject({ dropped_events: String(2 * EVENTS_MAX + 1) });
  });

  it('lets the oldest go when no two neighbours are alike', () => {
    const events = Array.from({ length: EVENTS_MAX + 2 }, (_, index) => ({
      at: index,
      word: index % 2 === 0 ? 'b' : 'a',
    }));
    const { state } = run(THREE, events);
    expect(state.events[0]!.at).toBe(BASE + 2);
    expect(state.dropped).toBe(2);
  });

  it('packs the farthest times within 4 KB and back exactly', () => {
    const config = { ...THREE, within_seconds: 86_400 * 7 };
    const events = Array.from({ length: EVENTS_MAX }, (_, index) => ({
      at: index * 2_362_000.5,
      word: 'a',
    }));
    const { detector, state } = run(config, events);
    const bytes = detector.pack(state);
    expect(bytes.length).toBeLessThanOrEqual(4096);
    expect(detector.unpack(bytes)).toEqual(state);
    expect(detector.unpack(detector.pack(detector.empty()))).toEqual(detector.empty());
  });

  it('ignores and counts what comes later than the window', () => {
    const { state, skipped } = run(THEN, [sample(30, 'a'), sample(19.9, 'b'), sample(20, 'b')]);
    expect(skipped).toEqual(['more than 600 s late']);
    expect(state.late).toBe(1);
  });

  it('skips with a reason what fits no step or has no time, and keeps nothing of it', () => {
    const { state, skipped } = run(THEN, [sample(0, ''), { at: NaN, word: 'a' }]);
    expect(skipped).toEqual(['the event fits no step', 'no event time']);
    expect(state.events).toEqual([]);
  });

  it('is kept over a change of names and times, and refused over a change of patterns or window', () => {
    const { detector, state } = run(THEN, [sample(0, 'a')]);
    const bytes = detector.pack(state);
    const renamed = withSteps({ ...THEN.steps[0]!, name: 'x', times: 2 }, THEN.steps[1]!);
    expect(sequenceKind.init(renamed).unpack(bytes)).toEqual(state);
    for (const other of [THREE, WITHOUT, { ...THEN, within_seconds: 60 }])
      expect(() => sequenceKind.init(other).unpack(bytes)).toThrow(SyntaxError);
  });
});

describe('the settings of a sequence', () => {
  it('are checked down to the patterns of the steps', () => {
    const config = withSteps(
      { name: 'a', pattern: { type: 'x' }, absent: true },
      { name: 'a', pattern: { nowhere: ['y'] } },
      { name: 'c', pattern: { type: ['z'] }, absent: true, times: 2 },
    );
    expect(sequenceKind.check!(config).map(({ path }) => path)).toEqual([
      'steps[0].pattern.type',
      'steps[1].pattern.nowhere',
      'steps[0].absent',
      'steps[1].name',
      'steps[2].times',
    ]);
    expect(sequenceKind.check!(LATER_WITHOUT)).toEqual([]);
  });

  it('say which steps an event fits', () => {
    const read = sequenceKind.read!(THREE);
    expect(read(buildEvent({ payload: { word: 'xcay' } }))).toEqual([0, 2]);
    expect(read(buildEvent({ payload: {} }))).toEqual([]);
  });
});
