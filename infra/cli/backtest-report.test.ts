import { expect, it } from 'vitest';

import type { BacktestResult } from '#shared/backtest/schema.ts';
import { buildBacktest } from '#shared/testing/build-backtest.ts';

import { progressLine, reportLines } from './backtest-report.ts';

const RESULT: BacktestResult = {
  events: 1_234_567,
  matches: 40,
  alerts: Array.from({ length: 21 }, (_, n) => ({
    alert_id: `a${n}`,
    rule_id: 'r',
    group: {},
    episode: 1,
    severity: 'ERROR' as const,
    title: `Trouble ${n}`,
    count: 2,
    opened_at: '2026-03-01T11:00:00.000Z',
    first_seen: '2026-03-01T11:00:00.000Z',
    last_seen: '2026-03-01T11:00:00.000Z',
    summary: 's',
  })),
  alerts_total: 300,
  hours: [],
  overlap: [{ rule_id: 'other', name: 'Other', shared_events: 7, alerts: 1, alert_ids: ['x'] }],
  examples: [],
  warming: 2,
  rule_faults: 0,
  refused: 0,
  duplicates: 0,
  run_seconds: 12.34,
  events_per_second: 100_046,
  truncated: { reason: 'time', until: '2026-03-01T11:30:00.000Z' },
  faulty_objects: { total: 1, items: [{ key: 'archive/k', reason: 'incorrect header check' }] },
};

it('the report names what was found, what was left out and why', () => {
  const text = reportLines(buildBacktest(), RESULT).join('\n');
  for (const part of [
    '1,234,567 events from 2026-03-01 11:00 to 2026-03-01 12:00, 40 matches, 300 alerts, in 12.3 s',
    '2026-03-01 11:00        2  ERROR     Trouble 19',
    'and 280 more',
    'other: 7 events in 1 alerts',
    '2 alerts held back at INFO',
    'ended early (time): worked through up to 2026-03-01T11:30:00.000Z',
    'not read: archive/k: incorrect header check',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('Trouble 20');
  expect(text).not.toContain('the rule failed');
});

it('progress is one line', () => {
  const progress = {
    objects_read: 3,
    objects_total: 1_200,
    events: 45_000,
    matches: 7,
    alerts: 1,
    elapsed_seconds: 2.6,
  };
  expect(progressLine(progress)).toBe('3/1,200 objects  45,000 events  7 matches  1 alerts  3 s');
});
