import { describe, expect, it } from 'vitest';

import { buildEvent } from '#shared/testing/build-finding.ts';

import { isNewer, packLastEvent, unpackLastEvent } from './last-event.ts';

const group = { service: 'checkout', 'payload.host': 'a' };

describe('the last event of a series', () => {
  it('is kept whole while it is small', () => {
    const event = buildEvent(1, {
      labels: { team: 'x' },
      payload: { host: 'a', deep: { n: [1] } },
    });
    expect(unpackLastEvent(packLastEvent({ event, group }))).toEqual({ event, group });
  });

  it.each<[string, unknown]>([
    ['one long text', { host: 'a', text: 'x'.repeat(200_000) }],
    [
      'many texts',
      { host: 'a', ...Object.fromEntries([...Array(9_000).keys()].map((n) => [n, 'y'])) },
    ],
    ['depth', { host: 'a', deep: { text: '\u{1F512}'.repeat(50_000) } }],
    ['no object at all', 'z'.repeat(200_000)],
  ])('of %s takes 4 KiB at most and keeps what is short', (_what, payload) => {
    const event = buildEvent(1, { payload });
    const packed = packLastEvent({ event, group });
    expect(Buffer.byteLength(packed)).toBeLessThanOrEqual(4_096);
    const { event: kept } = unpackLastEvent(packed);
    expect(kept).toMatchObject({
      event_id: 'e-1',
      service: 'checkout',
      timestamp: event.timestamp,
    });
    if (typeof payload === 'object' && !('0' in payload!))
      expect(kept.payload).toEqual({ host: 'a' });
  });

  it('never takes a field for more than its name', () => {
    const payload = JSON.parse(`{"__proto__": 1, "filler": "${'x'.repeat(5_000)}"}`) as object;
    const { event } = unpackLastEvent(packLastEvent({ event: buildEvent(1, { payload }), group }));
    expect(Object.getPrototypeOf(event.payload)).toBe(Object.prototype);
    expect(Object.keys(event.payload as object)).toEqual(['__proto__']);
  });

  it('is the newest by time, and of two at the same time the greater id, whichever came first', () => {
    const [one, two] = [buildEvent(1), buildEvent(2)];
    expect([isNewer(two, one), isNewer(one, two), isNewer(one, one)]).toEqual([true, false, false]);
    const later = buildEvent(0, { timestamp: '2026-03-01T12:00:00.001Z' });
    expect([isNewer(later, two), isNewer(two, later)]).toEqual([true, false]);
  });
});
