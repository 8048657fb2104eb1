import { expect, it } from 'vitest';

import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import type { MemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { IncidentSettings } from '#shared/incident/schema.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';
import { buildEvent, buildPolicy } from '#shared/testing/build-finding.ts';
import { createDetectHarness, buildRecord } from '#shared/testing/detect-harness.ts';
import { createNotifierRig, PAGE } from '#shared/testing/notifier-rig.ts';
import { createResponseRig } from '#shared/testing/response-rig.ts';

import { readTrace } from './trace-lines.ts';

/** The keys of deliveries, and those among them that no stored decision names. */
function deliveriesOf(tables: MemoryTables) {
  const named = new Set(
    [...tables.journal.values()].flatMap(({ row }) =>
      readTrace(row.after?.['trace']).map(({ id }) => `${row.subject.id} ${id}`),
    ),
  );
  const rows = [...tables.deliveries.values()].map(({ row }) => row);
  const untraced = rows.filter((row) => !named.has(`${row.alert_id} ${row.delivery_key}`));
  return { total: rows.length, untraced: untraced.map(({ delivery_key }) => delivery_key) };
}

it('no notification of what the detector finds exists without a stored decision that names it', async () => {
  const harness = createDetectHarness([buildRule({ pattern: { type: ['metric.cpu'] } })]);
  const services = ['a', 'b', 'c', 'a'];
  await harness.deliver(
    services.map((service, n) => buildRecord(n + 1, buildEvent(n, { service, payload: {} }))),
  );
  expect(deliveriesOf(harness.tables)).toEqual({ total: 12, untraced: [] });
});

it('nor any of the alert that an incident makes as it escalates', async () => {
  const harness = createDetectHarness([buildRule({ pattern: { type: ['metric.cpu'] } })]);
  const incidents = IncidentSettings.parse({});
  harness.ports.response = async () => ({ ...NO_RESPONSE, policies: [buildPolicy()], incidents });
  await harness.deliver([buildRecord(1, buildEvent(1))]);
  expect(harness.tables.alerts.size).toBe(2);
  expect(deliveriesOf(harness.tables)).toEqual({ total: 8, untraced: [] });
});

it('nor any of an escalation, a schedule, a silence that ends, or an acknowledgement that does', async () => {
  const target = { channel: 'schedule', destination: 'payments' } as const;
  const rig = createResponseRig({
    schedules: [buildSchedule()],
    policies: [
      buildPolicy({
        repeat: 1,
        ack_timeout_minutes: 10,
        steps: [...buildPolicy().steps, { delay_minutes: 5, targets: [target] }],
      }),
    ],
  });
  await rig.find();
  await rig.until('2026-03-01T12:20:00.000Z');
  await rig.acknowledge();
  await rig.until('2026-03-01T18:00:00.000Z');
  await rig.resolve();
  await rig.find();
  const { total, untraced } = deliveriesOf(rig.tables);
  expect(untraced).toEqual([]);
  expect(total).toBeGreaterThan(12);
});

it('nor that of a secondary channel, nor of the alert about the one that is dead', async () => {
  const rig = await createNotifierRig([PAGE], {
    pagerduty: [{ kind: 'permanent', error: 'HTTP 404' }],
  });
  await rig.run('pagerduty');
  const { total, untraced } = deliveriesOf(rig.tables);
  // The first was put there by the test itself.
  expect(untraced).toEqual([expect.stringContaining('pagerduty-primary')]);
  expect(total).toBeGreaterThan(2);
  const { items } = await createMemoryJournalStore(rig.tables, () => 0).listEntries(
    't1',
    { kind: 'alert', id: (await rig.row()).alert_id },
    { limit: 10 },
  );
  const dead = items.find(({ action }) => action === 'notification.dead')!;
  expect(readTrace(dead.after!['trace'])).toMatchObject([
    { outcome: 'fell_back_to_secondary', detail: 'email email-ops' },
  ]);
});
