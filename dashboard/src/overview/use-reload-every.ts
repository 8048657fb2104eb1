import { useEffect } from 'react';

/** Reloads at intervals while the tab is looked at. */
export function useReloadEvery(reload: () => void, everyMs: number): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
}
