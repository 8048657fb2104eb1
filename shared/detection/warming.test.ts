import { expect, it } from 'vitest';

import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

const HOUR_MS = 3_600_000;

it('a series too new to be trusted raises at INFO and tells nobody; once it is warm people are told of the same alert', async () => {
  const harness = createDetectHarness([
    buildRule({
      detector: {
        kind: 'new_value',
        field: 'payload.place',
        learning_seconds: 86_400,
        remember_days: 90,
      },
    }),
  ]);
  let id = 0;
  const see = async (place: string, hours: number) => {
    const timestamp = new Date(Date.parse(BUILT_AT) + hours * HOUR_MS).toISOString();
    harness.clock.now = Date.parse(timestamp);
    const event = buildEvent(++id, { timestamp, payload: { place } });
    await harness.deliver([buildRecord(id, event, { arrived_at_ms: harness.clock.now })]);
  };
  const alert = () => [...harness.tables.alerts.values()].map(({ row }) => row);
  await see('paris', 0);
  await see('rome', 1);
  await see('oslo', 2);
  expect(alert()).toMatchObject([{ severity: 'INFO', suppressed_by: [{ reason: 'warming' }] }]);
  expect(harness.tables.deliveries.size).toBe(0);
  await see('lima', 30);
  expect(alert()).toMatchObject([{ severity: 'ERROR', suppressed_by: [], escalation_level: 1 }]);
  expect(harness.tables.deliveries.size).toBeGreaterThan(0);
  const actions = [...harness.tables.journal.values()].map(({ row }) => row.action);
  expect(actions).toEqual(['alert.open', 'alert.unsuppress']);
});
