import { useEffect } from 'react';

import { useApp } from '#dashboard/shell/app-context.ts';

/** Without a push incidents are asked for this often. */
const EVERY_MS = 10_000;
/** After an alert changed, at most this often. */
const SOON_MS = 1_000;

/** Reloads soon after any alert changed, which is what changes incidents, and every ten seconds. */
export function useRefresh(reload: () => void): void {
  const { alerts } = useApp();
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = alerts.subscribe(() => {
      soon ??= setTimeout(() => {
        soon = undefined;
        reload();
      }, SOON_MS);
    });
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, EVERY_MS);
    return () => {
      stop();
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [alerts, reload]);
}
