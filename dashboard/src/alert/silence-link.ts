import type { Alert } from '#shared/alert/schema.ts';
import type { Matcher } from '#shared/silence/schema.ts';

/** What makes an alert this one and not another: its rule and what it is grouped by. */
function matchersOf({ rule_id, group }: Pick<Alert, 'rule_id' | 'group'>): Matcher[] {
  const fields = Object.entries(group).map(([name, value]): Matcher => {
    const field = name === 'service' ? name : `group.${name}`;
    return { field, op: '=', value };
  });
  return [{ field: 'rule_id', op: '=', value: rule_id }, ...fields];
}

/** The form for a silence, filled in for alerts like this one. */
export function silenceLink(alert: Pick<Alert, 'rule_id' | 'group'>): string {
  const query = new URLSearchParams({ new: '1', match: JSON.stringify(matchersOf(alert)) });
  return `/silences?${query}`;
}
