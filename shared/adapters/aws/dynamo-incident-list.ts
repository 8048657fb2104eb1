import { incidentSort, matchesIncidentFilter } from '#shared/incident/filter.ts';
import { type Incident, INCIDENT_STATUSES } from '#shared/incident/schema.ts';
import type { IncidentFilter, Page } from '#shared/ports/work-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { incidentOf } from './dynamo-incident-items.ts';
import { queryRows } from './dynamo-query.ts';
import { keys } from './dynamo-work-keys.ts';

/** Rows a query reads at a time; filters other than status are applied to what it read. */
const READ_AHEAD = 50;

/**
 * Merges the wanted statuses newest first. All are sorted by `incidentSort`, so the cursor stays right
 * when an incident changes its status between two pages.
 */
export async function listIncidentRows(
  access: DynamoAccess,
  tenant: string,
  filter: IncidentFilter,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page<Incident>> {
  const rows = [...new Set(filter.statuses ?? INCIDENT_STATUSES)].map((status) =>
    queryRows(access, {
      TableName: access.tables.work,
      IndexName: 'by-state',
      KeyConditionExpression:
        '#key = :key AND #sort ' + (cursor === undefined ? '>= :from' : 'BETWEEN :from AND :to'),
      ExpressionAttributeNames: { '#key': 'state_key', '#sort': 'state_sort' },
      ExpressionAttributeValues: {
        ':key': keys.status(tenant, status),
        ':from': filter.opened_after ?? '0',
        ...(cursor !== undefined && { ':to': cursor }),
      },
      ScanIndexForward: false,
      Limit: READ_AHEAD,
    }),
  );
  const heads = await Promise.all(rows.map(nextIncident));
  const items: Incident[] = [];
  const given = new Set<string>();
  for (;;) {
    let newest = -1;
    for (const [at, head] of heads.entries())
      if (head && (newest < 0 || incidentSort(head) > incidentSort(heads[newest]!))) newest = at;
    if (newest < 0) return { items };
    const incident = heads[newest]!;
    heads[newest] = await nextIncident(rows[newest]!);
    const isGiven = given.has(incident.incident_id) || incidentSort(incident) === cursor;
    if (isGiven || !matchesIncidentFilter(incident, filter)) continue;
    if (items.length === limit) return { items, cursor: incidentSort(items.at(-1)!) };
    given.add(incident.incident_id);
    items.push(incident);
  }
}

async function nextIncident(rows: AsyncGenerator<Item, undefined>): Promise<Incident | undefined> {
  const next = await rows.next();
  return next.value && incidentOf(next.value);
}
