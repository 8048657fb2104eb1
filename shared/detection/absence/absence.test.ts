import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bindDetector } from '#shared/detection/registry.ts';

import { type AbsenceConfig, absenceKind } from './absence.ts';

const CONFIG: AbsenceConfig = {
  kind: 'absence',
  window_seconds: 600,
  grace_seconds: 60,
  unit: 'heartbeat',
};
const LIMIT = 660_000;
const detector = absenceKind.init(CONFIG);
const point = (at: number) => ({ event_id: `e-${at}`, at, stated_at: at });
const heardAt = (at: number) => detector.update(detector.empty(), point(at)).state;
const silentSince = (at: number, found: number) => detector.elapse!(heardAt(at), found).state;

describe('an absence detector', () => {
  it('cannot miss what was never heard of', () => {
    expect(detector.dueAt!(detector.empty())).toBeUndefined();
    expect(detector.elapse!(detector.empty(), 9e12).match).toBeUndefined();
  });

  it('is due when window and grace have passed since the newest event, and not a millisecond sooner', () => {
    const state = heardAt(1_000);
    expect(detector.dueAt!(state)).toBe(1_000 + LIMIT);
    expect(detector.elapse!(state, 999 + LIMIT).match).toBeUndefined();
    expect(detector.elapse!(state, 1_000 + LIMIT).match).toMatchObject({
      occurrences: 1,
      since: 1_000,
      explain: {
        summary: 'no heartbeat for 11 min',
        expected: 'one at least every 10 min, and 1 min of grace',
        observed: 'the last at 1970-01-01T00:00:01.000Z',
        window_seconds: 600,
      },
    });
  });

  it('finds one silence once, and is armed again by the next event', () => {
    const silent = silentSince(0, LIMIT);
    expect(detector.dueAt!(silent)).toBeUndefined();
    expect(detector.elapse!(silent, 10 * LIMIT).match).toBeUndefined();
    const back = detector.update(silent, point(720_000));
    expect(back.recovered).toBe('heard again after 12 min');
    expect(detector.dueAt!(back.state)).toBe(720_000 + LIMIT);
    expect(detector.elapse!(back.state, 720_000 + LIMIT).match).toBeDefined();
  });

  it('stays silent for an event so late that the silence was there all the same', () => {
    const silent = silentSince(0, LIMIT + 30_000);
    const old = detector.update(silent, point(30_000));
    expect(old.recovered).toBeUndefined();
    expect(detector.dueAt!(old.state)).toBeUndefined();
    expect(detector.update(silent, point(30_001)).recovered).toBeDefined();
  });

  it('refuses a time that is none and leaves the state as it is', () => {
    for (const at of [NaN, Infinity, -Infinity, 1e300]) {
      const state = heardAt(5);
      expect(detector.update(state, point(at))).toEqual({ state, skipped: 'no event time' });
    }
  });

  it('comes to the same state in whatever order the events come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (times) => {
        const fold = (order: readonly number[]) =>
          order.reduce((state, at) => detector.update(state, point(at)).state, detector.empty());
        expect(fold(times.toSorted((a, b) => a - b))).toEqual(fold(times));
      }),
    );
  });

  it('is packed in 18 bytes at most, read back as it was, and refuses other bytes', () => {
    for (const state of [detector.empty(), heardAt(0), heardAt(-5), silentSince(1, 1 + LIMIT)]) {
      const bytes = detector.pack(state);
      expect(bytes.length).toBeLessThanOrEqual(18);
      expect(detector.unpack(bytes)).toEqual(state);
    }
    for (const bytes of [[1], Array(8).fill(255), Array(24).fill(0)])
      expect(() => detector.unpack(Uint8Array.from(bytes))).toThrow(SyntaxError);
  });

  it('is kept until long after it fired, whatever its window', () => {
    for (const window_seconds of [30, 3600, 7 * 86_400]) {
      const { idle_seconds } = bindDetector({ ...CONFIG, window_seconds, grace_seconds: 86_400 });
      expect(idle_seconds).toBeGreaterThanOrEqual(2 * (window_seconds + 86_400));
      expect(idle_seconds).toBeLessThanOrEqual(90 * 86_400);
    }
  });
});
