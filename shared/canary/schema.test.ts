import { describe, expect, it } from 'vitest';

import { CANARY_EARS, type CanarySightings, canaryLateness } from './schema.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const at = (ms: number) => new Date(START + ms).toISOString();

/** Every end heard the canary that left at `sentMs` after so long; `except` says otherwise of some. */
function heardAfter(
  sentMs: number,
  tookMs: number,
  except: CanarySightings['heard'] = {},
): CanarySightings {
  const sighting = { sent_at: at(sentMs), heard_at: at(sentMs + tookMs) };
  const heard = Object.fromEntries(CANARY_EARS.map((ear) => [ear, sighting]));
  return { first: at(0), heard: { ...heard, ...except } };
}

describe('how late canaries are', () => {
  it('is nothing before the first left, and within the first minute', () => {
    expect(canaryLateness({ heard: {} }, START)).toBe(0);
    expect(canaryLateness({ first: at(0), heard: {} }, START + MINUTE_MS)).toBe(0);
  });

  it('grows from the first one on while no end has heard any', () => {
    expect(canaryLateness({ first: at(0), heard: {} }, START + 3 * MINUTE_MS)).toBe(2 * MINUTE_MS);
  });

  it('is how long the newest was under way while each follows in its minute', () => {
    expect(canaryLateness(heardAfter(MINUTE_MS, 1_500), START + 2 * MINUTE_MS)).toBe(1_500);
  });

  it('is by how much the next is overdue, once that is more', () => {
    expect(canaryLateness(heardAfter(MINUTE_MS, 1_500), START + 5 * MINUTE_MS)).toBe(3 * MINUTE_MS);
  });

  it.each(CANARY_EARS)('is that of %s when it alone hears nothing any more', (ear) => {
    const old = { sent_at: at(0), heard_at: at(800) };
    const seen = heardAfter(9 * MINUTE_MS, 500, { [ear]: old });
    expect(canaryLateness(seen, START + 10 * MINUTE_MS)).toBe(9 * MINUTE_MS);
  });

  it('keeps telling that one took minutes, though the clock says that the next is not due', () => {
    const seen = heardAfter(MINUTE_MS, 2 * MINUTE_MS);
    expect(canaryLateness(seen, START + 3 * MINUTE_MS)).toBe(2 * MINUTE_MS);
  });
});
