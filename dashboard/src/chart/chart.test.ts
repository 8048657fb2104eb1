import { describe, expect, it } from 'vitest';

import { POINTS_MAX, RateHistory } from './rate-history.ts';
import { summariseRates } from './summarise.ts';

describe('the history of rates', () => {
  it('holds the last 10,000 seconds, each once, in order', () => {
    const history = new RateHistory();
    for (let second = 1; second <= POINTS_MAX + 1; second++) history.add(second, second, 0);
    history.add(5, 99, 99);
    const { at, events, matches } = history.columns();
    expect([at.length, events.length, matches.length]).toEqual([9_501, 9_501, 9_501]);
    expect([at[0], at.at(-1), events.at(-1)]).toEqual([501, POINTS_MAX + 1, POINTS_MAX + 1]);
  });

  it('shows seconds nobody watched as a hole', () => {
    const history = new RateHistory();
    history.add(1, 7, 1);
    history.add(9, 8, 2);
    expect(history.columns()).toEqual({
      at: [1, 2, 9],
      events: [7, null, 8],
      matches: [1, null, 2],
    });
  });
});

describe('the table beside the chart', () => {
  it('says means and peaks of each stretch, and nothing of one that was not watched', () => {
    const columns = {
      at: [91, 92, 99, 100],
      events: [10, 30, null, 5],
      matches: [1, 0, null, 2],
    };
    expect(summariseRates(columns, 100, 20, 4)).toEqual([
      { from: 95, events: 5, eventsMost: 5, matches: 2 },
      { from: 90, events: 20, eventsMost: 30, matches: 0.5 },
      { from: 85, events: null, eventsMost: null, matches: null },
      { from: 80, events: null, eventsMost: null, matches: null },
    ]);
  });
});
