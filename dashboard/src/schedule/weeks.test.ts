import { describe, expect, it } from 'vitest';

import { weeksOf } from './weeks.ts';

const now = Date.parse('2026-10-20T10:00:00Z');
const given = {
  shifts: [
    {
      user: 'ada',
      from: '2026-10-20T10:00:00.000Z',
      to: '2026-10-28T23:00:00.000Z',
      layer: 'Days',
    },
  ],
  gaps: [{ from: '2026-10-28T23:00:00.000Z', to: '2026-12-01T00:00:00.000Z' }],
  layers: [{ name: 'Days' }],
  overrides: [],
};

describe('the weeks of a schedule', () => {
  it('are 28 days of its zone, also where the clocks are set back', () => {
    const weeks = weeksOf(given, now, 'Europe/Berlin');
    const days = weeks.flatMap((week) => week.days);
    expect(days).toHaveLength(28);
    expect(new Date(days[0]!).toISOString()).toBe('2026-10-19T22:00:00.000Z');
    expect(new Date(days[27]!).toISOString()).toBe('2026-11-15T23:00:00.000Z');
  });

  it('show who it is from now on, and nobody where there is a gap', () => {
    const [first, second, third] = weeksOf(given, now, 'UTC');
    expect(first!.lanes[0]!.bars).toEqual([
      { from: 10 / 168, to: 1, user: 'ada', span: expect.anything() as unknown },
    ]);
    expect(first!.now).toBe(10 / 168);
    const line = second!.lanes[0]!.bars.map(({ user, from, to }) => [user, from * 168, to * 168]);
    expect(line).toEqual([
      ['ada', 0, 47],
      [undefined, 47, 168],
    ]);
    expect(second!.now).toBeUndefined();
    expect(third!.lanes.find(({ kind }) => kind === 'layer')!.bars).toEqual([]);
  });
});
