import { describe, expect, it } from 'vitest';

import type { Matcher } from '#shared/silence/schema.ts';

import { customFault, endAfter } from './duration.ts';
import { faultOf, matchersLine, readMatchers } from './matcher-text.ts';
import { phaseOf } from './phase.ts';

const matcher = (field: string, op: Matcher['op'], value: string): Matcher => ({
  field,
  op,
  value,
});

describe('conditions of a silence', () => {
  it('are said in words, also of what is missing', () => {
    const all = [
      matcher('rule_id', '=', 'disk-full'),
      matcher('labels.env', '!~', 'dev|test'),
      matcher('group.host', '=', ''),
    ];
    expect(matchersLine(all)).toBe(
      'rule is “disk-full” and label env does not match “dev|test” and group host is missing',
    );
  });

  it('are asked of the server only once they are complete', () => {
    expect(faultOf([])).toContain('At least one');
    expect(faultOf([matcher('labels.', '=', 'x')])).toContain('label');
    expect(faultOf([matcher('service', '=', '')])).toContain('at least one field');
    expect(faultOf([matcher('service', '=', 'shop')])).toBeUndefined();
  });

  it('are taken from an address only when they are conditions', () => {
    const all = [matcher('service', '=', 'shop')];
    expect(readMatchers(JSON.stringify(all))).toEqual(all);
    for (const text of [null, '', '[]', '{}', '[1]', '[{"field":"service","op":"~","value":"a"}]'])
      expect(readMatchers(text)).toBeUndefined();
    expect(readMatchers('[{"field":"nonsense","op":"=","value":"a"}]')).toBeUndefined();
  });
});

describe('the time of a silence', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it('is a length, an end chosen by hand within 90 days, or open', () => {
    expect(endAfter('30m', now, '')).toBe('2026-03-01T12:30:00.000Z');
    expect(endAfter('resolved', now, '')).toBeUndefined();
    const morning = new Date(endAfter('tomorrow', now, '')!);
    expect([morning.getHours(), morning.getMinutes()]).toEqual([9, 0]);
    expect(morning.getTime()).toBeGreaterThan(now);
    expect(customFault('', now)).toContain('Choose');
    expect(customFault('2026-02-01T12:00Z', now)).toContain('over');
    expect(customFault('2026-07-01T12:00Z', now)).toContain('90 days');
    expect(customFault('2026-03-02T12:00Z', now)).toBeUndefined();
  });

  it('goes from upcoming over active to ended; one until resolved ends after 90 days', () => {
    const starts_at = '2026-03-01T12:00:00.000Z';
    const short = { starts_at, ends_at: '2026-03-01T13:00:00.000Z' };
    const hour = 3_600_000;
    const phases = [now - 1, now, now + hour - 1, now + hour].map((at) => phaseOf(short, at));
    expect(phases).toEqual(['upcoming', 'active', 'active', 'ended']);
    expect(phaseOf({ starts_at }, now + 89 * 24 * hour)).toBe('active');
    expect(phaseOf({ starts_at }, now + 90 * 24 * hour)).toBe('ended');
  });
});
