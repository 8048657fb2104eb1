import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkRule } from '#shared/rule/check-rule.ts';
import { runRuleTests } from '#shared/rule/run-rule-tests.ts';
import { detectorContract } from '#shared/testing/detector-contract.ts';

import { NewValueConfig, newValueKind } from './new-value.ts';

const DAY = 86_400_000;
const BASE = Date.parse('2026-03-01T00:00:00.000Z');
const COUNTRY = NewValueConfig.parse({ kind: 'new_value', field: 'payload.country' });

function run(config: NewValueConfig, samples: readonly { at: number; value?: unknown }[]) {
  const detector = newValueKind.init(config);
  let state = detector.empty();
  const updates = samples.map(({ at, value }, index) => {
    const point = { event_id: `e${index}`, at: BASE + at, stated_at: BASE + at, value };
    const update = detector.update(state, point);
    state = update.state;
    return update;
  });
  const told = updates.flatMap(({ match }, index) => (match ? [samples[index]!.value] : []));
  return { detector, state, updates, told };
}

const daily = (...values: unknown[]) => values.map((value, day) => ({ at: day * DAY, value }));
const visits = fc.array(
  fc.record({ at: fc.nat(20 * DAY), value: fc.constantFrom('SE', 'NO', 'DK', 7, '7', true) }),
  { minLength: 1, maxLength: 30 },
);

detectorContract(COUNTRY, fc.constantFrom('SE', 'NO', 'DK', 7, true), 6 * DAY);

describe('a new value', () => {
  it('is told once, and the first of a series is not', () => {
    expect(run(COUNTRY, daily('SE', 'SE', 'NO', 'NO', 'SE', 7, '7')).told).toEqual(['NO', 7, '7']);
  });

  it('is told at INFO at most while the series is learnt', () => {
    const { updates } = run(COUNTRY, [
      { at: 0, value: 'SE' },
      { at: 7 * DAY - 1, value: 'NO' },
      { at: 7 * DAY, value: 'DK' },
    ]);
    expect(updates.map(({ match }) => match?.warming)).toEqual([undefined, true, false]);
  });

  it('explains itself: what is new, since when, beside how many others', () => {
    const { updates } = run(COUNTRY, daily('SE', 'SE', 'K\u202eP\n'));
    expect(updates.at(-1)!.match).toEqual({
      occurrences: 1,
      since: BASE + 2 * DAY,
      warming: true,
      explain: {
        detector: 'new_value',
        summary: 'payload.country is KP  for the first time since 2026-03-01T00:00:00.000Z',
        expected: 'one of the values seen before (1)',
        observed: 'payload.country is KP ',
        window_seconds: 90 * 86_400,
        values: {
          'payload.country': 'KP ',
          known_values: '1',
          since: '2026-03-01T00:00:00.000Z',
          learning: '7 d',
        },
      },
    });
    expect(newValueKind.describe(COUNTRY)).toBe('payload.country never seen before in 90 d');
  });

  it('counts the same in whatever order events come', () => {
    fc.assert(
      fc.property(
        visits.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([samples, shuffled]) => {
          const ordered = run(COUNTRY, samples);
          const other = run(COUNTRY, shuffled);
          const distinct = new Set(samples.map(({ value }) => value)).size;
          expect(ordered.told).toHaveLength(distinct - 1);
          expect(other.told).toHaveLength(distinct - 1);
          const bytes = ordered.detector.pack(ordered.state);
          expect(other.detector.pack(other.state)).toEqual(bytes);
          expect(ordered.detector.unpack(bytes).seen).toEqual(
            new Map([...ordered.state.seen].sort(([a], [b]) => a - b)),
          );
        },
      ),
    );
  });

  it('is new again once it was not seen for as long as values are remembered', () => {
    const config = { ...COUNTRY, remember_days: 30 };
    const visit = (day: number, value: string) => ({ at: day * DAY, value });
    const kept = [visit(0, 'SE'), visit(0, 'NO'), visit(20, 'NO'), visit(50, 'SE')];
    expect(run(config, [...kept, visit(50, 'NO')]).told).toEqual(['NO', 'SE']);
    expect(run(config, [...kept, visit(51, 'NO')]).told).toEqual(['NO', 'SE', 'NO']);
  });

  it('is told no more once 500 others are remembered, within 4 KB, and says so', () => {
    const many = Array.from({ length: 501 }, (_, index) => ({ at: index, value: `v${index}` }));
    const { detector, state, told, updates } = run(COUNTRY, many);
    expect(told).toHaveLength(499);
    expect(updates.at(-1)!.skipped).toBe('payload.country has more than 500 values');
    expect(state.untold).toBe(1);
    expect(detector.pack(state).length).toBeLessThanOrEqual(4096);
    expect(run(COUNTRY, [...many, { at: 5, value: 'v7' }]).updates.at(-1)!.skipped).toBeUndefined();
  });

  it('is not looked for where there is none, and the state stays as it was', () => {
    for (const value of [undefined, null, {}, ['SE']]) {
      const { state, updates } = run(COUNTRY, [{ at: 0, value }]);
      expect(updates[0]!.skipped).toMatch(/payload\.country/);
      expect(state.began).toBeUndefined();
    }
    expect(run(COUNTRY, [{ at: Number.NaN, value: 'SE' }]).updates[0]!.skipped).toBe(
      'no event time',
    );
  });

  it('is remembered over a change of the settings, but not of the field', () => {
    const { detector, state } = run(COUNTRY, daily('SE', 'NO'));
    const bytes = detector.pack(state);
    const longer = newValueKind.init({ ...COUNTRY, learning_seconds: 0, remember_days: 7 });
    expect(longer.unpack(bytes).seen).toEqual(detector.unpack(bytes).seen);
    const other = newValueKind.init({ ...COUNTRY, field: 'payload.ip' });
    expect(() => other.unpack(bytes)).toThrow(SyntaxError);
  });

  it('works in a rule as any other kind does: checked, tested, explained', () => {
    const login = (day: number, user: string, country: string) => ({
      source: 'auth',
      type: 'auth.login',
      severity: 'INFO',
      timestamp: `+${day * 86_400}`,
      payload: { user, country },
    });
    const draft = {
      rule_id: 'login-from-new-country',
      name: 'Login from a new country',
      severity: 'WARN',
      pattern: { type: ['auth.login'] },
      detector: { kind: 'new_value', field: 'payload.country' },
      group_by: ['payload.user'],
      title: '{payload.user} came from {payload.country}',
      tests: [
        {
          name: 'another country fires',
          expect: 'fires',
          events: [login(0, 'amara', 'SE'), login(8, 'amara', 'SE'), login(9, 'amara', 'NO')],
        },
        {
          name: 'each in the own country stays quiet',
          expect: 'quiet',
          events: [login(0, 'amara', 'SE'), login(8, 'bjorn', 'NO'), login(9, 'amara', 'SE')],
        },
      ],
    };
    expect(runRuleTests(checkRule(draft)).map(({ passed, detail }) => [passed, detail])).toEqual([
      [true, 'payload.country is NO for the first time since 2026-01-05T12:00:00.000Z'],
      [true, '2 groups, none fired'],
    ]);
    const misspelled = { ...draft, detector: { kind: 'new_value', field: 'paylod.country' } };
    expect(() => checkRule(misspelled)).toThrow(/detector\.field/);
  });
});
