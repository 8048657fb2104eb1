import { describe, expect, it } from 'vitest';

import type { FeedFrame } from '#shared/live/schema.ts';

import { FeedStore, LOG_MAX } from './store.ts';

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
  it('keeps the last 500 events, newest first, each once', () => {
    const store = new FeedStore(() => 0);
    for (let index = 0; index < 20; index++) store.take(frame(40, 40));
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
    expect(store.view().services).toEqual([{ service: 'shop', perSecond: 10, errorsPerSecond: 1 }]);
    now += 10_000;
    store.tick();
    expect(store.view()).toMatchObject({ total: 100, rate: 0, services: [] });
  });
});
