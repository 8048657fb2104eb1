import { GetCommand } from '@aws-sdk/lib-dynamodb';

import type { DueRow, WorkStore } from '#shared/ports/work-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { listAlertRows } from './dynamo-alert-list.ts';
import { alertGroupOf } from './dynamo-alert-group-items.ts';
import { incidentOf, incidentPointerOf } from './dynamo-incident-items.ts';
import { listIncidentRows } from './dynamo-incident-list.ts';
import { batchGet, isExpired } from './dynamo-batch-get.ts';
import { sendPatiently } from './dynamo-patience.ts';
import { queryRows, takeRows } from './dynamo-query.ts';
import { dueSeriesOf, seenOf, seriesOf } from './dynamo-state-items.ts';
import { commitRows } from './dynamo-work-commit.ts';
import { alertOf, deliveryOf, pointerOf, timerOf } from './dynamo-work-items.ts';
import { type Key, keys } from './dynamo-work-keys.ts';

/** Begin the sort keys of an alert's deliveries and timers. */
const DELIVERIES = 'DELIVERY#';
const TIMERS = 'TIMER#';

const byStep = (a: { step: number }, b: { step: number }) => a.step - b.step;

/** The WorkStore over the tables `work`, `state`, `journal` and `live`. */
export function createDynamoWorkStore(access: DynamoAccess): WorkStore {
  const { client, tables } = access;

  async function get(key: Key): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: tables.work, Key: key, ConsistentRead: true });
    const { Item: item } = await sendPatiently(access, () => client.send(command));
    return item && !isExpired(item, access.now()) ? item : undefined;
  }

  async function listOfAlert(tenant: string, alertId: string, prefix?: string): Promise<Item[]> {
    const items: Item[] = [];
    const { pk } = keys.alert(tenant, alertId);
    for await (const item of queryRows(access, {
      TableName: tables.work,
      KeyConditionExpression:
        prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ...(prefix !== undefined && { ':prefix': prefix }) },
      ConsistentRead: true,
    }))
      items.push(item);
    return items;
  }

  return {
    commit: (commit) => commitRows(access, commit),
    async getAlert(tenant, alertId) {
      const item = await get(keys.alert(tenant, alertId));
      return item && alertOf(item);
    },
    async getAlertRows(tenant, alertId) {
      const items = await listOfAlert(tenant, alertId);
      const under = (prefix: string) => items.filter(({ sk }) => (sk as string).startsWith(prefix));
      const [alert] = under(keys.alert(tenant, alertId).sk);
      return {
        ...(alert && { alert: alertOf(alert) }),
        deliveries: under(DELIVERIES).map(deliveryOf).sort(byStep),
        timers: under(TIMERS).map(timerOf).sort(byStep),
      };
    },
    async getPointers(tenant, groups) {
      const wanted = groups.map(({ rule_id, group_key }) =>
        keys.pointer(tenant, rule_id, group_key),
      );
      const items = await batchGet(access, tables.work, wanted);
      return items.map((item) => item && pointerOf(item));
    },
    async getAlerts(tenant, alertIds) {
      const wanted = alertIds.map((id) => keys.alert(tenant, id));
      const items = await batchGet(access, tables.work, wanted);
      return items.map((item) => item && alertOf(item));
    },
    listAlerts: (tenant, filter, page) => listAlertRows(access, tenant, filter, page),
    async getIncident(tenant, incidentId) {
      const item = await get(keys.incident(tenant, incidentId));
      return item && incidentOf(item);
    },
    async getIncidentPointer(tenant, service) {
      const item = await get(keys.incidentPointer(tenant, service));
      return item && incidentPointerOf(item);
    },
    async getAlertGroup(tenant, alertGroupId) {
      const item = await get(keys.alertGroup(tenant, alertGroupId));
      return item && alertGroupOf(item);
    },
    listIncidents: (tenant, filter, page) => listIncidentRows(access, tenant, filter, page),
    async listDeliveries(tenant, alertId) {
      const rows = (await listOfAlert(tenant, alertId, DELIVERIES)).map(deliveryOf);
      return rows.sort(byStep);
    },
    async getDelivery(tenant, alertId, step, destination) {
      const item = await get(keys.delivery(tenant, alertId, step, destination));
      return item && deliveryOf(item);
    },
    async listTimers(tenant, alertId) {
      const rows = (await listOfAlert(tenant, alertId, TIMERS)).map(timerOf);
      return rows.sort(byStep);
    },
    async listDue(shard, before, limit) {
      const items = await takeRows(
        access,
        {
          TableName: tables.work,
          IndexName: 'due',
          KeyConditionExpression: 'due_shard = :shard AND due_at <= :before',
          ExpressionAttributeValues: { ':shard': keys.due(shard), ':before': before },
        },
        limit,
      );
      return items.map(dueOf);
    },
    async getSeries(tenant, wanted) {
      const items = await batchGet(
        access,
        tables.state,
        wanted.map(({ rule_id, series_key }) => keys.series(tenant, rule_id, series_key)),
      );
      return items.map((item, at) => item && seriesOf(item, wanted[at]!));
    },
    async listDueSeries(shard, before, limit) {
      const items = await takeRows(
        access,
        {
          TableName: tables.state,
          IndexName: 'due',
          KeyConditionExpression: 'due_shard = :shard AND due_at <= :before',
          ExpressionAttributeValues: { ':shard': keys.due(shard), ':before': before },
        },
        limit,
      );
      return items.map(dueSeriesOf);
    },
    async getSeen(tenant, wanted) {
      const items = await batchGet(
        access,
        tables.state,
        wanted.map((key) => keys.seen(tenant, key.rule_id, key.series_key, key.bucket)),
      );
      return items.map((item, at) => item && seenOf(item, wanted[at]!));
    },
  };
}

function dueOf(item: Item): DueRow {
  return (item.sk as string).startsWith(TIMERS)
    ? { kind: 'timer', row: timerOf(item) }
    : { kind: 'delivery', row: deliveryOf(item) };
}
