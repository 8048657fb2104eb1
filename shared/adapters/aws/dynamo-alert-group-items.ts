import { groupExpiry } from '#shared/grouping/retention.ts';
import type { AlertGroup } from '#shared/grouping/schema.ts';

import type { Item } from './dynamo-access.ts';
import { fieldsOf, unixSeconds, wellFormed } from './dynamo-work-items.ts';
import { keys } from './dynamo-work-keys.ts';

/** What producers said, and the list of members, are kept as one string: that is small and cannot throw. */
export function alertGroupItem(group: AlertGroup): Item {
  const { members, labels, settings, ...rest } = group;
  return {
    ...wellFormed(rest),
    parts_json: JSON.stringify({ members, labels, settings }),
    ...keys.alertGroup(group.tenant, group.alert_group_id),
    expires_at: unixSeconds(groupExpiry(group)),
  };
}

export function alertGroupOf(item: Item): AlertGroup {
  const { parts_json, ...rest } = fieldsOf(item);
  return { ...rest, ...(JSON.parse(parts_json as string) as object) } as AlertGroup;
}
