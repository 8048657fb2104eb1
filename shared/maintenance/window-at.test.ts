import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { buildMaintenance } from '#shared/testing/build-silence.ts';

import { MAINTENANCE_KIND } from './maintenance-kind.ts';
import { parseRecurrence } from './recurrence.ts';
import type { MaintenanceWindow } from './schema.ts';
import { nextWindows, windowAt } from './window-at.ts';

const DAY_MS = 86_400_000;
const ms = (text: string) => Date.parse(text);
/** Starts of the windows under way at some full or half hour from one instant to another. */
function starts(fields: Partial<MaintenanceWindow>, from: string, to: string): string[] {
  const window = buildMaintenance(fields);
  const found = new Set<number>();
  for (let at = ms(from); at < ms(to); at += 1_800_000) {
    const current = windowAt(window, at);
    if (current) found.add(current.from);
  }
  return [...found].map((start) => new Date(start).toISOString().slice(0, 16));
}

describe('the next windows', () => {
  it('begin with the one under way and are as many as asked, whatever the clocks do', () => {
    const weekly = buildMaintenance({
      time_zone: 'Europe/Berlin',
      starts_at: '2026-03-15T02:30',
      rrule: 'FREQ=WEEKLY',
    });
    const found = nextWindows(weekly, ms('2026-03-15T02:00:00Z'), 3);
    expect(found.map(({ from }) => new Date(from).toISOString())).toEqual([
      '2026-03-15T01:30:00.000Z',
      '2026-03-22T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
  });

  it('are none once the only one is over, or the last of a counted rule', () => {
    const after = ms('2026-03-20T00:00:00Z');
    expect(nextWindows(buildMaintenance(), after, 5)).toEqual([]);
    expect(nextWindows(buildMaintenance({ rrule: 'FREQ=DAILY;COUNT=3' }), after, 5)).toEqual([]);
  });
});

describe('a maintenance window', () => {
  it('that is held once holds from its start to before its end', () => {
    const window = buildMaintenance();
    const under = { from: ms('2026-03-01T12:00:00Z'), to: ms('2026-03-01T13:00:00Z') };
    expect(windowAt(window, under.from - 1)).toBeUndefined();
    expect(windowAt(window, under.from)).toEqual(under);
    expect(windowAt(window, under.to - 1)).toEqual(under);
    expect(windowAt(window, under.to)).toBeUndefined();
    expect(windowAt(window, under.from + DAY_MS)).toBeUndefined();
  });

  it.each([
    ['FREQ=DAILY', ['03-01', '03-02', '03-03', '03-04', '03-05', '03-06']],
    ['FREQ=DAILY;INTERVAL=3', ['03-01', '03-04']],
    ['FREQ=DAILY;BYDAY=MO,WE', ['03-02', '03-04']],
    ['FREQ=WEEKLY', ['03-01']],
    ['FREQ=WEEKLY;BYDAY=TU,SU', ['03-01', '03-03']],
    ['FREQ=DAILY;COUNT=2', ['03-01', '03-02']],
    ['FREQ=DAILY;UNTIL=20260303', ['03-01', '03-02', '03-03']],
    ['FREQ=DAILY;UNTIL=20260303T120000Z', ['03-01', '03-02', '03-03']],
    ['FREQ=DAILY;UNTIL=20260303T115959Z', ['03-01', '03-02']],
  ])('by %s begins on %j of the first days', (rrule, expected) => {
    const days = starts({ rrule }, '2026-02-20T00:00:00Z', '2026-03-07T00:00:00Z');
    expect(days.map((day) => day.slice(5, 10))).toEqual(expected);
  });

  it.each([
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU', ['03-01', '03-09', '03-15', '03-23', '03-29']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['03-31', '04-30']],
    ['FREQ=MONTHLY;BYMONTHDAY=31', ['03-31']],
    ['FREQ=MONTHLY;BYDAY=2TU', ['03-10', '04-14']],
    ['FREQ=MONTHLY;BYDAY=-1SU', ['03-29', '04-26']],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ['03-13']],
    ['FREQ=MONTHLY;COUNT=2', ['03-01', '04-01']],
  ])('by %s begins on %j of two months', (rrule, expected) => {
    const days = starts({ rrule }, '2026-02-20T00:00:00Z', '2026-05-01T00:00:00Z');
    const within = rrule.startsWith('FREQ=WEEKLY') ? days.filter((day) => day < '2026-04') : days;
    expect(within.map((day) => day.slice(5, 10))).toEqual(expected);
  });

  it('begins at the same wall time through both changes of the clocks', () => {
    const fields = {
      time_zone: 'Europe/Berlin',
      starts_at: '2026-03-28T22:00',
      rrule: 'FREQ=DAILY',
    };
    expect(starts(fields, '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-28T21:00',
      '2026-03-29T20:00',
    ]);
    expect(starts(fields, '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-24T20:00',
      '2026-10-25T21:00',
    ]);
  });

  it('lasts its real length, over a night of 23 or 25 hours too', () => {
    const night = buildMaintenance({
      time_zone: 'Europe/Berlin',
      starts_at: '2026-03-28T23:00',
      duration_minutes: 360,
      rrule: 'FREQ=DAILY',
    });
    for (const [at, from] of [
      ['2026-03-29T03:59:59Z', '2026-03-28T22:00:00Z'],
      ['2026-10-25T02:59:59Z', '2026-10-24T21:00:00Z'],
    ] as const)
      expect(windowAt(night, ms(at))).toEqual({ from: ms(from), to: ms(from) + 6 * 3_600_000 });
    expect(windowAt(night, ms('2026-03-29T04:00:00Z'))).toBeUndefined();
    expect(windowAt(night, ms('2026-10-25T03:00:00Z'))).toBeUndefined();
  });

  it('whose wall time spring skips begins after it, and whose autumn brings twice, with the first', () => {
    const at = { time_zone: 'Europe/Berlin', rrule: 'FREQ=DAILY' };
    const window = (starts_at: string) => buildMaintenance({ ...at, starts_at });
    const spring = window('2026-03-28T02:30');
    expect(windowAt(spring, ms('2026-03-29T01:29:59Z'))).toBeUndefined();
    expect(windowAt(spring, ms('2026-03-29T01:30:00Z'))?.from).toBe(ms('2026-03-29T01:30:00Z'));
    const autumn = window('2026-10-24T02:30');
    expect(windowAt(autumn, ms('2026-10-25T00:30:00Z'))?.from).toBe(ms('2026-10-25T00:30:00Z'));
    expect(windowAt(autumn, ms('2026-10-25T01:45:00Z'))).toBeUndefined();
  });

  it('that is longer than its interval never ends between two of its times', () => {
    const window = buildMaintenance({ duration_minutes: 2_000, rrule: 'FREQ=DAILY' });
    const inside = windowAt(window, ms('2026-03-04T12:00:00Z'));
    expect(inside).toEqual({
      from: ms('2026-03-03T12:00:00Z'),
      to: ms('2026-03-04T12:00:00Z') + 2_000 * 60_000,
    });
  });

  it('holds at its start and not at its end, whatever zone, rule, length and season', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
        fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=SA,SU', 'FREQ=MONTHLY;BYDAY=-1SU'),
        fc.constantFrom('00:00', '01:30', '02:15', '23:45'),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: ms('2026-03-01T00:00:00Z'), max: ms('2026-12-01T00:00:00Z') }),
        (time_zone, rrule, time, duration_minutes, at) => {
          const starts_at = `2026-01-01T${time}`;
          const window = buildMaintenance({ time_zone, rrule, starts_at, duration_minutes });
          const current = windowAt(window, at);
          if (!current) return;
          expect(current.from <= at && at < current.to).toBe(true);
          expect(current.to - current.from).toBe(duration_minutes * 60_000);
          expect(windowAt(window, current.from)).toEqual(current);
          expect(windowAt(window, current.to - 1)).toEqual(current);
          expect(windowAt(window, current.from - 1)).toBeUndefined();
        },
      ),
    );
  });
});

describe('a rule of recurrence', () => {
  it.each([
    ['FREQ=YEARLY', 'FREQ'],
    ['FREQ=HOURLY', 'FREQ'],
    ['BYDAY=MO', 'FREQ'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS'],
    ['FREQ=DAILY;BYHOUR=3', 'BYHOUR'],
    ['FREQ=WEEKLY;WKST=SU', 'WKST'],
    ['FREQ=WEEKLY;INTERVAL=0', 'INTERVAL'],
    ['FREQ=DAILY;INTERVAL=1.5', 'INTERVAL'],
    ['FREQ=DAILY;COUNT=1001', 'COUNT'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20260101', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20260230', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20261301', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL'],
    ['FREQ=WEEKLY;BYDAY=2TU', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=6TU', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=XX', 'BYDAY'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'BYMONTHDAY'],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ'],
    ['FREQ=DAILY;', 'NAME=VALUE'],
    ['FREQ', 'NAME=VALUE'],
    ['FREQ=DAILY=2', 'NAME=VALUE'],
    ['FREQ=DAILY;__proto__=1', '__proto__'],
  ])('%s is refused, naming %s', (rrule, named) => {
    expect(parseRecurrence(rrule)).toContain(named);
    expect(() => MAINTENANCE_KIND.check(buildMaintenance({ rrule }))).toThrow(SentryError);
  });

  it.each([
    ['starts_at', { starts_at: '2026-02-30T10:00' }],
    ['time_zone', { time_zone: 'Mars/Olympus' }],
    ['comment', { comment: '' }],
    ['duration_minutes', { duration_minutes: 0 }],
    ['matchers', { matchers: [] }],
  ])('stands in a window whose %s has to be right too', (path, fields) => {
    let refused: unknown;
    try {
      MAINTENANCE_KIND.check({ ...buildMaintenance(), ...fields });
    } catch (error) {
      refused = error;
    }
    expect((refused as SentryError).issues.map((issue) => issue.path)).toContain(path);
  });
});
