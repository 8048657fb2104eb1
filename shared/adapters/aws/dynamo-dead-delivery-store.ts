import { deadSort } from '#shared/notification/dead-sort.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { DeadDeliveryStore } from '#shared/ports/dead-delivery-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { queryRows } from './dynamo-query.ts';
import { deliveryOf } from './dynamo-work-items.ts';
import { keys } from './dynamo-work-keys.ts';

/** Dead deliveries in the index `by-state` of the table `work`, where only they stand beside the alerts. */
export function createDynamoDeadDeliveryStore(access: DynamoAccess): DeadDeliveryStore {
  return {
    async listDead(tenant, { destination }, { limit, cursor }) {
      const rows = queryRows(access, {
        TableName: access.tables.work,
        IndexName: 'by-state',
        KeyConditionExpression: cursor
          ? 'state_key = :key AND state_sort < :cursor'
          : 'state_key = :key',
        ExpressionAttributeValues: {
          ':key': keys.deadDeliveries(tenant),
          ...(cursor && { ':cursor': cursor }),
        },
        ScanIndexForward: false,
        Limit: limit + 1,
      });
      const items: Delivery[] = [];
      for await (const item of rows) {
        const row = deliveryOf(item);
        if (destination !== undefined && row.destination !== destination) continue;
        if (items.length === limit) return { items, cursor: deadSort(items.at(-1)!) };
        items.push(row);
      }
      return { items };
    },
  };
}
