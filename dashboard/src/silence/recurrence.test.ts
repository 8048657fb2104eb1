import { describe, expect, it } from 'vitest';

import { readRepeat, repeatWords, writeRepeat } from './recurrence.ts';

describe('the recurrence of a maintenance window', () => {
  it.each([
    [undefined, 'once'],
    ['FREQ=DAILY', 'every day'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR', 'every 2 weeks on Monday, Friday'],
    ['FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20261231', 'every month on the last Sunday, until 2026-12-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=15', 'every month on day 15'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on its last day'],
  ])('%s is said in words and comes back from the form as it was', (rrule, words) => {
    expect(repeatWords(rrule)).toBe(words);
    expect(writeRepeat(readRepeat(rrule))).toBe(rrule);
  });

  it.each(['FREQ=DAILY;COUNT=3', 'FREQ=MONTHLY;BYDAY=MO,TU', 'FREQ=DAILY;UNTIL=20261231T230000Z'])(
    '%s, which the form cannot show, is kept untouched',
    (rrule) => {
      expect(readRepeat(rrule).freq).toBe('OTHER');
      expect(writeRepeat(readRepeat(rrule))).toBe(rrule);
    },
  );
});
