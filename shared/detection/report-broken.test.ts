import { describe, expect, it } from 'vitest';

import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

const BROKEN = buildRule({
  rule_id: 'vip-login',
  pattern: { payload: { user: [{ lookup: 'vip-users' }] } },
});
const alertsOf = (harness: ReturnType<typeof createDetectHarness>) =>
  [...harness.tables.alerts.values()].map(({ row }) => row);

describe('a rule that cannot be compiled', () => {
  it('opens one alert that names it and why, however many batches come, and others go on', async () => {
    const harness = createDetectHarness([BROKEN, buildRule()]);
    for (let sequence = 1; sequence <= 3; sequence++)
      await harness.deliver([buildRecord(sequence, buildEvent({ event_id: `e-${sequence}` }))]);
    const alerts = alertsOf(harness);
    expect(alerts.filter(({ rule_id }) => rule_id === 'sentry-rule-broken')).toMatchObject([
      {
        severity: 'ERROR',
        count: 1,
        title: 'Detection rule vip-login cannot run and watches nothing',
        explain: { observed: 'there is no lookup table "vip-users"' },
      },
    ]);
    expect(alerts.filter(({ rule_id }) => rule_id === 'cpu-high')).toHaveLength(1);
  });

  it('is told by the next batch when it could not be written', async () => {
    const harness = createDetectHarness([BROKEN]);
    const refusing = {
      ...harness.work,
      commit: () => Promise.reject(new Error('the store is away')),
    };
    const first = await harness.deliver([buildRecord(1, buildEvent())], refusing);
    expect(first.uncommitted).toBeUndefined();
    expect(harness.warnings).toContain('broken rules not told');
    expect(alertsOf(harness)).toEqual([]);
    await harness.deliver([buildRecord(2, buildEvent({ event_id: 'e-2' }))]);
    expect(alertsOf(harness)).toHaveLength(1);
  });

  it('is no news while every rule compiles', async () => {
    const harness = createDetectHarness([
      buildRule({ rule_id: 'other', pattern: { type: ['x'] } }),
    ]);
    await harness.deliver([buildRecord(1, buildEvent())]);
    expect(alertsOf(harness)).toEqual([]);
  });
});
