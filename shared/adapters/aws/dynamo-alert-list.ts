import { alertSort, matchesFilter } from '#shared/alert/filter.ts';
import { type Alert, ALERT_STATES } from '#shared/alert/schema.ts';
import type { AlertFilter, Page } from '#shared/ports/work-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { queryRows } from './dynamo-query.ts';
import { alertOf } from './dynamo-work-items.ts';
import { keys } from './dynamo-work-keys.ts';

/** Rows a query reads at a time; filters other than state and service are applied to what it read. */
const READ_AHEAD = 50;

interface Partition {
  index: string;
  key: string;
  keyName: string;
  sortName: string;
}

/** Where the wanted alerts lie: by service when services are named, else by state. */
function partitionsOf(tenant: string, filter: AlertFilter): Partition[] {
  if (filter.services)
    return [...new Set(filter.services)].map((service) => ({
      index: 'by-service',
      key: keys.service(tenant, service.toWellFormed()),
      keyName: 'service_key',
      sortName: 'service_sort',
    }));
  return [...new Set(filter.states ?? ALERT_STATES)].map((state) => ({
    index: 'by-state',
    key: keys.state(tenant, state),
    keyName: 'state_key',
    sortName: 'state_sort',
  }));
}

/**
 * Merges the partitions newest first. All are sorted by `alertSort`, so the cursor is the last sort key
 * given out and stays right when an alert moves to another partition between two pages.
 */
export async function listAlertRows(
  access: DynamoAccess,
  tenant: string,
  filter: AlertFilter,
  page: { limit: number; cursor?: string },
): Promise<Page<Alert>> {
  const rows = partitionsOf(tenant, filter).map((partition) =>
    queryRows(access, {
      TableName: access.tables.work,
      IndexName: partition.index,
      KeyConditionExpression: page.cursor ? '#key = :key AND #sort < :cursor' : '#key = :key',
      ExpressionAttributeNames: {
        '#key': partition.keyName,
        ...(page.cursor && { '#sort': partition.sortName }),
      },
      ExpressionAttributeValues: {
        ':key': partition.key,
        ...(page.cursor && { ':cursor': page.cursor }),
      },
      ScanIndexForward: false,
      Limit: READ_AHEAD,
    }),
  );
  const heads = await Promise.all(rows.map(nextAlert));
  const items: Alert[] = [];
  const given = new Set<string>();
  for (;;) {
    let newest = -1;
    for (const [at, head] of heads.entries())
      if (head && (newest < 0 || alertSort(head) > alertSort(heads[newest]!))) newest = at;
    if (newest < 0) return { items };
    const alert = heads[newest]!;
    heads[newest] = await nextAlert(rows[newest]!);
    // An alert that changed its state between two queries may stand in both indexes.
    if (!matchesFilter(alert, filter) || given.has(alert.alert_id)) continue;
    if (items.length === page.limit) return { items, cursor: alertSort(items.at(-1)!) };
    given.add(alert.alert_id);
    items.push(alert);
  }
}

async function nextAlert(rows: AsyncGenerator<Item, undefined>): Promise<Alert | undefined> {
  const next = await rows.next();
  return next.value && alertOf(next.value);
}
