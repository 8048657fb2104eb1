import { useLocation } from 'wouter';

import type { ScreenEntry } from '#dashboard/shell/screen.ts';

import { useKeys } from './use-keys.ts';

/** `g`, then the key of a place, goes there. */
export function PlaceKeys({ screens }: { screens: readonly ScreenEntry[] }) {
  const [, navigate] = useLocation();
  useKeys(
    screens.flatMap(({ key, name, path }) =>
      key === undefined
        ? []
        : [{ keys: `g ${key}`, what: name, group: 'Go to', run: () => navigate(path) }],
    ),
  );
  return null;
}
