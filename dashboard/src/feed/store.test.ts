import { describe, expect, it } from 'vitest';

import type { FeedFrame } from '#shared/live/schema.ts';

import { FeedStore, LOG_MAX } from './store.ts';
import { visibleRows } from './visible-rows.ts';

let next = 0;

function frame(total: number, shown: number, errors = 0): FeedFrame {
  const events = Array.from({ length: shown }, () => ({
    event_id: `${next++}`,
    timestamp: '2026-01-01T00:00:00.000Z',
    source: 's',
    type: 't',
    severity: 'INFO' as const,
  }));
  const per_service = { shop: { total, errors } };
  return { at: '', events, total, dropped: total - shown, rate: 0, per_service };
}

describe('the feed', () => {
  it('keeps the last 2,000 events, newest first, each once', () => {
    const store = new FeedStore(() => 0);
    for (let index = 0; index < 60; index++) store.take(frame(40, 40));
    const last = frame(1, 1);
    store.take(last);
    store.take(last);
    expect(store.view().events).toHaveLength(LOG_MAX);
    expect(store.view().events[0]).toBe(last.events[0]);
    expect(store.view().events[1]).not.toBe(last.events[0]);
  });

  it('counts every event, shown or not, and its rate over the last ten seconds', () => {
    let now = 1_000_000;
    const store = new FeedStore(() => now);
    now += 10_000;
    store.take(frame(100, 20, 10));
    expect(store.view()).toMatchObject({ total: 100, dropped: 80, rate: 10 });
    expect(store.view().services).toMatchObject([
      { service: 'shop', perSecond: 10, errorsPerSecond: 1 },
    ]);
    expect(store.view().services[0]!.seconds.at(-1)).toBe(100);
    now += 10_000;
    store.tick();
    expect(store.view()).toMatchObject({ total: 100, rate: 0, matchRate: 0 });
    expect(store.view().services).toMatchObject([{ service: 'shop', perSecond: 0 }]);
    now += 60_000;
    store.tick();
    expect(store.view().services).toEqual([]);
  });

  it('puts finished seconds into the history, and a hole where nobody watched', () => {
    let now = 1_000_000;
    const store = new FeedStore(() => now);
    now += 1_000;
    store.take({ ...frame(7, 1), matches: 2 });
    now += 1_000;
    store.tick();
    now += 5_000;
    store.tick(false);
    now += 2_000;
    store.tick();
    expect(store.history.columns()).toEqual({
      at: [1001, 1002, 1008],
      events: [7, null, 0],
      matches: [2, null, 0],
    });
  });
});

describe('the log', () => {
  it('keeps only rows in sight in the page', () => {
    expect(visibleRows(2_000, 28, 0, 280)).toEqual({ first: 0, last: 16 });
    expect(visibleRows(2_000, 28, 2_800, 280)).toEqual({ first: 94, last: 116 });
    expect(visibleRows(3, 28, 0, 280)).toEqual({ first: 0, last: 3 });
    expect(visibleRows(0, 28, 0, 280)).toEqual({ first: 0, last: 0 });
  });
});
