import { describe, expect, it } from 'vitest';

import { SourceWatch } from './watch.ts';

let nextId = 0;
function frame(sources: readonly string[], dropped = 0) {
  return {
    at: '',
    events: sources.map((source) => ({
      event_id: `e${nextId++}`,
      timestamp: '',
      source,
      type: 't',
      severity: 'INFO' as const,
    })),
    total: sources.length + dropped,
    dropped,
    rate: 0,
    per_service: {},
  };
}

describe('what came of a source', () => {
  it('is nothing before its first event, then when and how many within a minute', () => {
    let now = 1_000_000;
    const watch = new SourceWatch(() => now);
    expect(watch.of('curl')).toBeUndefined();
    watch.take(frame(['curl', 'curl', 'vector']));
    now += 59_000;
    watch.take(frame(['curl']));
    expect(watch.of('curl')).toEqual({ lastAt: now, lastMinute: 3, isAtLeast: false });
    now += 2_000;
    expect(watch.of('curl')).toEqual({ lastAt: now - 2_000, lastMinute: 1, isAtLeast: false });
    expect(watch.of('vector')).toMatchObject({ lastMinute: 0 });
  });

  it('is said to be a lower bound while the feed leaves events out', () => {
    let now = 1_000_000;
    const watch = new SourceWatch(() => now);
    watch.take(frame(['curl'], 80));
    expect(watch.of('curl')).toMatchObject({ lastMinute: 1, isAtLeast: true });
    now += 61_000;
    watch.take(frame(['curl']));
    expect(watch.of('curl')).toMatchObject({ lastMinute: 1, isAtLeast: false });
  });

  it('counts a frame that came twice once', () => {
    const watch = new SourceWatch(() => 1_000_000);
    const twice = frame(['curl']);
    watch.take(twice);
    watch.take(twice);
    expect(watch.of('curl')?.lastMinute).toBe(1);
  });
});
