import { describe, expect, it } from 'vitest';

import { fromWallInput, wallInput } from './zone.ts';

describe('the wall clock of a zone', () => {
  it.each([
    ['2026-01-15T09:00', 'Europe/Berlin', '2026-01-15T08:00:00.000Z'],
    ['2026-07-15T09:00', 'Europe/Berlin', '2026-07-15T07:00:00.000Z'],
    ['2026-07-15T09:00', 'Asia/Kolkata', '2026-07-15T03:30:00.000Z'],
    ['2026-07-15T00:00', 'Pacific/Auckland', '2026-07-14T12:00:00.000Z'],
  ])('%s in %s is one instant, and back', (wall, zone, instant) => {
    expect(fromWallInput(wall, zone)).toBe(instant);
    expect(wallInput(Date.parse(instant), zone)).toBe(wall);
  });

  it('takes the first of an hour that comes twice, and the moment after one that never comes', () => {
    expect(fromWallInput('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(fromWallInput('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });
});
