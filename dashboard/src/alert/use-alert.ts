import { useCallback, useSyncExternalStore } from 'react';

import type { AlertLine } from '#shared/live/schema.ts';

import { useApp } from '#dashboard/shell/app-context.ts';

import type { AlertCounts } from './store.ts';

/** One alert as shown; renders again only when this one changes. */
export function useAlert(alertId: string): AlertLine | undefined {
  const { alerts } = useApp();
  const subscribe = useCallback(
    (listener: () => void) => alerts.subscribeRow(alertId, listener),
    [alerts, alertId],
  );
  return useSyncExternalStore(subscribe, () => alerts.get(alertId));
}

export function useAlertCounts(): AlertCounts {
  const { alerts } = useApp();
  return useSyncExternalStore(alerts.subscribe, alerts.counts);
}
