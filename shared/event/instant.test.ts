import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatInstant, parseCanonical, parseInstant } from './instant.ts';

/** Padded text is never canonical, and is trimmed before the general reading. */
const slowly = (text: string) => parseInstant(` ${text}`);

const digits = (count: number, max: number) =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(count, '0'));
/** Text with the form of a canonical timestamp, most of it a time, some not: 31 February, 24 and 61 o'clock. */
const nearlyCanonical = fc
  .tuple(
    fc.oneof(digits(4, 9999), fc.constantFrom('1899', '1900', '2000', '2023', '2024', '2100')),
    digits(2, 14),
    digits(2, 33),
    digits(2, 26),
    digits(2, 62),
    digits(2, 62),
    digits(3, 999),
  )
  .map(
    ([year, month, day, hour, minute, second, ms]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`,
  );
const oneCharacterOff = fc
  .tuple(nearlyCanonical, fc.nat(23), fc.oneof(fc.string({ size: 'small' }), fc.constant('-')))
  .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));

describe('parseCanonical', () => {
  it('reads nothing otherwise than the general reading does', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyCanonical, oneCharacterOff, fc.string()), (text) => {
        const quick = parseCanonical(text);
        if (quick !== undefined) expect(quick).toBe(slowly(text));
        expect(parseInstant(text)).toBe(slowly(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads every time from 1900 on that we write, and writing it again gives the same text', () => {
    const dates = fc.date({
      min: new Date('1900-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const text = date.toISOString();
        expect(parseCanonical(text)).toBe(date.getTime());
        expect(formatInstant(parseCanonical(text)!)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['2024-02-29T00:00:00.000Z', true],
    ['2023-02-29T00:00:00.000Z', false],
    ['2100-02-29T00:00:00.000Z', false],
    ['2026-04-31T00:00:00.000Z', false],
    ['2026-12-31T23:59:59.999Z', true],
    ['2026-11-23T24:00:00.000Z', false],
    ['2026-11-23T23:59:60.000Z', false],
    ['2026-11-23t23:59:59.000Z', false],
    ['2026-11-23T23:59:59,000Z', false],
    ['2026-11-23T23:59:59.0:0Z', false],
  ])('%s: %s', (text, canonical) => {
    expect(parseCanonical(text) !== undefined).toBe(canonical);
  });
});
