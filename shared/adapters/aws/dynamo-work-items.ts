import { alertSort } from '#shared/alert/filter.ts';
import { resolvedExpiry } from '#shared/alert/retention.ts';
import type { Alert, AlertPointer } from '#shared/alert/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { dueShard } from '#shared/kernel/due-shard.ts';
import { deadSort } from '#shared/notification/dead-sort.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { Item } from './dynamo-access.ts';
import { refuseNewer, ROW_SCHEMA } from './dynamo-row-schema.ts';
import { keys } from './dynamo-work-keys.ts';

/** Attributes of ours beside the row's own fields. */
const OWN = new Set([
  'pk',
  'sk',
  'due_shard',
  'due_at',
  'state_key',
  'state_sort',
  'service_key',
  'service_sort',
  'expires_at',
  'row_schema',
]);

/** Unix seconds as TTL wants them; undefined stays undefined and is not stored. */
export function unixSeconds(rfc3339: string | undefined): number | undefined {
  return rfc3339 === undefined ? undefined : Math.floor(Date.parse(rfc3339) / 1000);
}

/** The fields of a row without keys and index attributes. */
export function fieldsOf(item: Item): Item {
  const row: Item = {};
  for (const name of Object.keys(item)) if (!OWN.has(name)) row[name] = item[name];
  return row;
}

/** Half a surrogate pair cannot be stored; it becomes U+FFFD. */
export function wellFormed(row: object): Item {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.toWellFormed() : value,
    ]),
  );
}

/** What a producer said is kept as one string: marshalling it could throw. */
export function alertItem(alert: Alert): Item {
  const { evidence, explain, labels, group, suppressed_by, acknowledgements, ...rest } = alert;
  const sort = alertSort(alert);
  return {
    ...wellFormed(rest),
    parts_json: JSON.stringify({
      evidence,
      explain,
      labels,
      group,
      suppressed_by,
      acknowledgements,
    }),
    ...keys.alert(alert.tenant, alert.alert_id),
    row_schema: ROW_SCHEMA,
    state_key: keys.state(alert.tenant, alert.state),
    state_sort: sort,
    service_key: keys.service(alert.tenant, alert.service.toWellFormed()),
    service_sort: sort,
    expires_at: unixSeconds(resolvedExpiry(alert)),
  };
}

export function alertOf(item: Item): Alert {
  refuseNewer(item);
  const { parts_json, ...rest } = fieldsOf(item);
  return { ...rest, ...(JSON.parse(parts_json as string) as object) } as Alert;
}

export function pointerItem(pointer: AlertPointer): Item {
  return {
    ...wellFormed(pointer),
    ...keys.pointer(pointer.tenant, pointer.rule_id, pointer.group_key),
    row_schema: ROW_SCHEMA,
    expires_at: unixSeconds(resolvedExpiry(pointer)),
  };
}

export function pointerOf(item: Item): AlertPointer {
  refuseNewer(item);
  return fieldsOf(item) as unknown as AlertPointer;
}

export function deliveryItem(delivery: Delivery): Item {
  const { expires_at, ...rest } = delivery;
  return {
    ...wellFormed(rest),
    ...keys.delivery(delivery.tenant, delivery.alert_id, delivery.step, delivery.destination),
    row_schema: ROW_SCHEMA,
    ...(delivery.next_attempt_at !== undefined && {
      due_shard: keys.due(dueShard(delivery.alert_id)),
      due_at: delivery.next_attempt_at,
    }),
    ...(delivery.status === 'DEAD' && {
      state_key: keys.deadDeliveries(delivery.tenant),
      state_sort: deadSort(delivery),
    }),
    expires_at: unixSeconds(expires_at),
  };
}

export function deliveryOf(item: Item): Delivery {
  refuseNewer(item);
  const row = fieldsOf(item) as unknown as Delivery;
  if (typeof item.expires_at !== 'number') return row;
  return { ...row, expires_at: new Date(item.expires_at * 1000).toISOString() };
}

export function timerItem(timer: Timer): Item {
  const { due_at, ...rest } = timer;
  return {
    ...rest,
    ...keys.timer(timer.tenant, timer.alert_id, timer.kind, timer.step),
    row_schema: ROW_SCHEMA,
    due_shard: keys.due(dueShard(timer.alert_id)),
    due_at,
  };
}

export function timerOf(item: Item): Timer {
  refuseNewer(item);
  return { ...fieldsOf(item), due_at: item.due_at } as Timer;
}
