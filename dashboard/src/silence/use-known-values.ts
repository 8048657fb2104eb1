import { useMemo, useSyncExternalStore } from 'react';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** Values that conditions may ask for, by field: the rules there are, and what active alerts have. */
export function useKnownValues(): Readonly<Record<string, readonly string[]>> {
  const { alerts, call } = useApp();
  const rules = useResource('rule ids', () => call('rules.list', {}));
  const rows = useSyncExternalStore(alerts.subscribe, alerts.all);
  return useMemo(
    () => ({
      service: [...new Set(rows.map(({ service }) => service))].toSorted(),
      rule_id: (rules.value?.items ?? []).map(({ rule_id }) => rule_id),
    }),
    [rows, rules.value],
  );
}
