import { expect, it } from 'vitest';

import { buildAlert } from '#shared/testing/build-alert.ts';

import { openTally } from './tally.ts';

const NOW = Date.parse('2026-03-01T12:30:00.000Z');
const COUNTS = { events: 9, refused: 0, matches: 9, duplicates: 0, rule_faults: 0 };

it('the result of 90 days, with the longest alerts and names there are, fits one row', () => {
  const tally = openTally(NOW - 90 * 86_400_000, NOW);
  for (let n = 0; n < 60; n++) tally.faulty(`archive/t1/${'k'.repeat(150)}${n}`, 'r'.repeat(60));
  const text = 'é'.repeat(512);
  const group = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, text]));
  const alerts = Array.from({ length: 300 }, (_, n) =>
    buildAlert({ alert_id: `a${n}`, title: text, group, created_at: '2026-03-01T12:00:00.000Z' }),
  );
  const overlap = Array.from({ length: 50 }, (_, n) => ({
    rule_id: `${'r'.repeat(60)}${n}`,
    name: 'é'.repeat(128),
    shared_events: 1,
    alerts: 10,
    alert_ids: Array.from({ length: 10 }, () => 'a'.repeat(26)),
  }));
  const result = tally.result({ counts: COUNTS, alerts, overlap, runSeconds: 3 });
  expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(390_000);
  expect(result.hours).toHaveLength(90 * 24 + 1);
  expect(result.hours.at(-1)).toEqual({
    hour: '2026-03-01T12:00:00.000Z',
    matches: 0,
    alerts: 300,
  });
  expect(result.alerts.length).toBeGreaterThan(10);
  expect([result.alerts_total, result.faulty_objects.total]).toEqual([300, 60]);
  expect(result.events_per_second).toBe(3);
});
