import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { buildSchedule } from '#shared/testing/build-schedule.ts';

import type { Layer, Schedule } from './schema.ts';
import { gapsOf, onCallAt, shiftsOf } from './shifts.ts';

const ms = (text: string) => Date.parse(text);
const shifts = (schedule: Schedule, from: string, to: string) =>
  shiftsOf(schedule, ms(from), ms(to)).map(
    (shift) => `${shift.user} ${shift.from.slice(0, 16)} ${shift.to.slice(0, 16)}`,
  );

const weekly: Layer = {
  name: 'primary',
  users: ['ada', 'bo'],
  starts_on: '2026-01-05',
  hand_over_at: '09:00',
  rotation: { unit: 'weeks', length: 1 },
};

describe('shifts', () => {
  it('hand over at the same wall time through both changes of the clocks', () => {
    const schedule = buildSchedule({ time_zone: 'Europe/Berlin', layers: [weekly] });
    expect(shifts(schedule, '2026-03-20T00:00:00Z', '2026-04-07T00:00:00Z')).toEqual([
      'ada 2026-03-20T00:00 2026-03-23T08:00',
      'bo 2026-03-23T08:00 2026-03-30T07:00',
      'ada 2026-03-30T07:00 2026-04-06T07:00',
      'bo 2026-04-06T07:00 2026-04-07T00:00',
    ]);
    expect(shifts(schedule, '2026-10-24T00:00:00Z', '2026-10-27T00:00:00Z')).toEqual([
      'bo 2026-10-24T00:00 2026-10-26T08:00',
      'ada 2026-10-26T08:00 2026-10-27T00:00',
    ]);
  });

  it('begin after a wall time that spring skips, and with the first of one that autumn brings twice', () => {
    const night = (starts_on: string): Layer => ({
      ...weekly,
      starts_on,
      hand_over_at: '02:30',
      rotation: { unit: 'days', length: 1 },
    });
    const berlin = (starts_on: string) =>
      buildSchedule({ time_zone: 'Europe/Berlin', layers: [night(starts_on)] });
    expect(shifts(berlin('2026-03-28'), '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual([
      'ada 2026-03-28T12:00 2026-03-29T01:30',
      'bo 2026-03-29T01:30 2026-03-29T12:00',
    ]);
    expect(shifts(berlin('2026-10-24'), '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      'ada 2026-10-24T12:00 2026-10-25T00:30',
      'bo 2026-10-25T00:30 2026-10-25T12:00',
    ]);
  });

  it('of a later layer win in its hours, overrides win over all', () => {
    const schedule = buildSchedule({
      layers: [
        { ...weekly, users: ['ada'] },
        {
          ...weekly,
          name: 'nights',
          users: ['cy'],
          restrictions: [{ weekdays: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' }],
        },
      ],
      overrides: [
        {
          override_id: 'o1',
          user: 'bo',
          from: '2026-01-06T05:00:00Z',
          to: '2026-01-06T23:00:00Z',
          reason: 'swap',
        },
      ],
    });
    expect(shifts(schedule, '2026-01-05T12:00:00Z', '2026-01-07T12:00:00Z')).toEqual([
      'ada 2026-01-05T12:00 2026-01-05T22:00',
      'cy 2026-01-05T22:00 2026-01-06T05:00',
      'bo 2026-01-06T05:00 2026-01-06T23:00',
      'cy 2026-01-06T23:00 2026-01-07T06:00',
      'ada 2026-01-07T06:00 2026-01-07T12:00',
    ]);
  });

  it('end and begin where the layer does, and the rest is a gap', () => {
    const schedule = buildSchedule({ layers: [{ ...weekly, ends_on: '2026-01-12' }] });
    const [from, to] = [ms('2026-01-01T00:00:00Z'), ms('2026-01-20T00:00:00Z')];
    expect(gapsOf(schedule, from, to)).toEqual([
      { from: '2026-01-01T00:00:00.000Z', to: '2026-01-05T09:00:00.000Z' },
      { from: '2026-01-12T09:00:00.000Z', to: '2026-01-20T00:00:00.000Z' },
    ]);
    expect(onCallAt(schedule, ms('2026-01-12T09:00:00Z'))).toBeUndefined();
    expect(onCallAt(schedule, ms('2026-01-12T08:59:59Z'))).toMatchObject({
      user: 'ada',
      layer: 'primary',
      from: '2026-01-05T09:00:00.000Z',
      to: '2026-01-12T09:00:00.000Z',
    });
  });

  it('cover each instant once, agree with who is on call, and with their gaps leave nothing out', () => {
    const layer = fc.record({
      name: fc.constantFrom('a', 'b'),
      users: fc.array(fc.constantFrom('ada', 'bo', 'cy'), { minLength: 1, maxLength: 3 }),
      starts_on: fc.constantFrom('2026-03-01', '2026-03-27', '2026-10-20'),
      hand_over_at: fc.constantFrom('00:00', '02:30', '09:00', '23:59'),
      rotation: fc.record({
        unit: fc.constantFrom('hours' as const, 'days' as const, 'weeks' as const),
        length: fc.integer({ min: 1, max: 5 }),
      }),
      restrictions: fc.option(
        fc.array(
          fc.record({
            weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
            from: fc.constantFrom('00:00', '02:15', '08:00', '22:00'),
            to: fc.constantFrom('00:00', '02:45', '06:00', '18:00'),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        { nil: undefined },
      ),
    });
    const scheduleOf = fc.record({
      time_zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
      layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        scheduleOf,
        fc.constantFrom('2026-03-28T00:00:00Z', '2026-10-24T00:00:00Z', '2026-06-01T00:00:00Z'),
        fc.array(fc.integer({ min: 0, max: 4 * 1440 - 1 }), { minLength: 5, maxLength: 20 }),
        (fields, begin, minutes) => {
          const schedule = buildSchedule(fields);
          const [from, to] = [ms(begin), ms(begin) + 4 * 86_400_000];
          const found = shiftsOf(schedule, from, to);
          const parts = [...found, ...gapsOf(schedule, from, to)].sort((a, b) =>
            a.from < b.from ? -1 : 1,
          );
          expect(parts[0]!.from).toBe(new Date(from).toISOString());
          expect(parts.at(-1)!.to).toBe(new Date(to).toISOString());
          for (const [at, part] of parts.entries())
            if (at > 0) expect(part.from).toBe(parts[at - 1]!.to);
          for (const minute of minutes) {
            const at = from + minute * 60_000;
            const shift = found.find((one) => ms(one.from) <= at && at < ms(one.to));
            expect(onCallAt(schedule, at)?.user).toBe(shift?.user);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
