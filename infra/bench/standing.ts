import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { awsSettings } from '#infra/scenarios/producer.ts';
import { TABLES } from '#infra/topology.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { alertId } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Change, WorkStore } from '#shared/ports/work-store.ts';
import {
  buildAlert,
  buildDelivery,
  buildEntry,
  buildOutbox,
  buildPointer,
  buildTimer,
} from '#shared/testing/build-alert.ts';

/** A policy whose second step is due when a bench says so; nothing but a webhook hears of it. */
export const STANDING_POLICY = {
  policy_id: 'bench',
  name: 'Bench',
  match: {},
  order: 1,
  steps: [0, 60].map((delay_minutes) => ({
    delay_minutes,
    targets: [{ channel: 'webhook', destination: 'webhook-audit' }],
  })),
};
/** Rows of one alert are four, and a commit takes a hundred. */
const IN_ONE_COMMIT = 25;

/** The stores of a running instance, from outside, and the way to let go of them. */
export function openWork(url: string): { work: WorkStore; close: () => void } {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(url)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const names = Object.entries(TABLES).map(([name, table]) => [name, table.name]);
  const tables = Object.fromEntries(names) as Record<keyof typeof TABLES, string>;
  const work = createDynamoWorkStore({
    client,
    tables,
    now: () => Date.now(),
    sleep: (delayMs) => sleep(delayMs),
    random: () => Math.random(),
  });
  return { work, close: () => client.destroy() };
}

/**
 * Writes alerts that opened a moment ago and told a webhook: alert, pointer, delivery and the timer of
 * the next step, due at `dueAt(n)` in ms since the epoch. As if detected, without the detector's work.
 */
export async function writeStanding(
  work: WorkStore,
  count: number,
  name: string,
  dueAt: (n: number) => number,
): Promise<Alert[]> {
  const now = new Date().toISOString();
  const alerts = Array.from({ length: count }, (_, n) => {
    const group_key = `${name}-${n}`;
    return buildAlert({
      tenant: 'default',
      alert_id: alertId('default', 'cpu-high', group_key, 1),
      group_key,
      group: { service: group_key },
      service: `bench-${n % 100}`,
      severity: 'WARN',
      policy_id: STANDING_POLICY.policy_id,
      created_at: now,
      updated_at: now,
      first_seen: now,
      last_seen: now,
      next_escalation_at: new Date(dueAt(n)).toISOString(),
    });
  });
  for (let from = 0; from < alerts.length; from += IN_ONE_COMMIT) {
    const changes = alerts.slice(from, from + IN_ONE_COMMIT).flatMap(rowsOf);
    await work.commit({ changes, journal: [], outbox: [] });
  }
  return alerts;
}

function rowsOf(alert: Alert): Change[] {
  const { tenant, alert_id, rule_id, group_key, created_at } = alert;
  const owed = withoutTurn(
    buildDelivery({
      tenant,
      alert_id,
      channel: 'webhook',
      destination: 'webhook-audit',
      created_at,
      updated_at: created_at,
    }),
  );
  return [
    { kind: 'alert', row: alert, expected: 0 },
    {
      kind: 'pointer',
      row: buildPointer({ tenant, alert_id, rule_id, group_key }),
      expected: 0,
    },
    {
      kind: 'delivery',
      row: { ...owed, status: 'SENT', sent: 'trigger', attempts: 1 },
      expected: 0,
    },
    {
      kind: 'timer',
      row: buildTimer({
        tenant,
        alert_id,
        policy_id: STANDING_POLICY.policy_id,
        due_at: alert.next_escalation_at!,
      }),
      expected: 0,
    },
  ];
}

/** The delivery as one that no sweep looks for. */
function withoutTurn({ next_attempt_at: _none, ...delivery }: Delivery): Delivery {
  return delivery;
}

/**
 * The floor of whatever changes an alert: one bare transaction of the same rows (alert, a delivery, its
 * timer gone, the live row, journal and outbox), nothing read or decided. Answers ms of each commit;
 * uses the alerts up.
 */
export async function bareCommits(
  work: WorkStore,
  alerts: readonly Alert[],
  atOnce: boolean,
): Promise<number[]> {
  const timeOne = async (alert: Alert) => {
    const { tenant, alert_id } = alert;
    const started = performance.now();
    await work.commit({
      changes: [
        { kind: 'alert', row: { ...alert, revision: 2 }, expected: 1 },
        {
          kind: 'delivery',
          row: withoutTurn(buildDelivery({ tenant, alert_id, step: 2, destination: 'nobody' })),
          expected: 0,
        },
        { kind: 'timer.delete', row: buildTimer({ tenant, alert_id }), expected: 1 },
        { kind: 'touch', row: alert },
      ],
      journal: [
        buildEntry({ entry_id: randomUUID(), tenant, subject: { kind: 'alert', id: alert_id } }),
      ],
      outbox: [{ ...buildOutbox(), tenant, outbox_id: randomUUID() }],
    });
    return performance.now() - started;
  };
  if (atOnce) return Promise.all(alerts.map(timeOne));
  const times: number[] = [];
  for (const alert of alerts) times.push(await timeOne(alert));
  return times;
}
