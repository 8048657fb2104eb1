import { expect, it } from 'vitest';

import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

const MINUTE = 60_000;

it('an order that is not paid opens one alert, by the sweeper, told once; a paid one none', async () => {
  const harness = createDetectHarness([
    buildRule({
      rule_id: 'order-unpaid',
      pattern: { type: ['order.placed', 'order.paid'] },
      detector: {
        kind: 'sequence',
        steps: [
          { name: 'order placed', pattern: { type: ['order.placed'] } },
          { name: 'payment', pattern: { type: ['order.paid'] }, absent: true },
        ],
        within_seconds: 600,
      },
      group_by: ['payload.order'],
      title: 'Order {payload.order} is not paid',
    }),
  ]);
  const { clock, tables } = harness;
  const begin = clock.now;
  const record = (n: number, type: string, order: string, minutes: number) => {
    const timestamp = new Date(begin + minutes * MINUTE).toISOString();
    const event = buildEvent(n, { type, timestamp, payload: { order } });
    return buildRecord(n, event, { arrived_at_ms: clock.now });
  };
  const placed = [record(1, 'order.placed', 'a', 0), record(2, 'order.placed', 'b', 0)];
  const alerts = () => [...tables.alerts.values()].map(({ row }) => row);

  await harness.deliver(placed);
  clock.now = begin + 10.5 * MINUTE;
  await harness.sweep();
  expect(alerts()).toEqual([]);
  await harness.deliver([record(3, 'order.paid', 'b', 9)]);
  for (let minute = 11; minute < 40; minute++) {
    clock.now = begin + minute * MINUTE;
    await harness.sweep();
    await harness.deliver(placed);
  }
  expect(alerts()).toHaveLength(1);
  expect(alerts()[0]).toMatchObject({
    title: 'Order a is not paid',
    count: 1,
    created_at: new Date(begin + 11 * MINUTE).toISOString(),
    explain: { detector: 'sequence', summary: 'order placed, then no payment within 10 min' },
    evidence: { first: [{ event_id: 'e-1' }] },
  });
  expect([...tables.series.values()].map(({ row }) => row.due_at)).toEqual([undefined, undefined]);
});
