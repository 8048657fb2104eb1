import { useEffect } from 'react';

import { useApp } from '#dashboard/shell/app-context.ts';

import { useReloadEvery } from './use-reload-every.ts';

/** Counts of matches are asked for this often. */
const EVERY_MS = 30_000;

/** Reloads when a rule changed, and now and then for the counts of matches. */
export function useRefreshOnRules(reload: () => void): void {
  const { live } = useApp();
  useReloadEvery(reload, EVERY_MS);
  useEffect(
    () =>
      live.subscribe(
        'rules',
        {},
        { snapshot: () => {}, merge: (items) => items.length > 0 && reload() },
      ),
    [live, reload],
  );
}
