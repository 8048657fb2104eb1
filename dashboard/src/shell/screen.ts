import { type ComponentType, lazy } from 'react';

import type { Scope } from '#dashboard/session/scope.ts';

/** The parts of the navigation, in order. */
export const GROUPS = ['Respond', 'Detect', 'Reach', 'You'] as const;
export type Group = (typeof GROUPS)[number];

/** A screen; `id` is that of its path, else empty. */
type ScreenComponent = ComponentType<{ id: string }>;

/** One row of the table of screens. */
export interface ScreenEntry {
  /** `/things` or `/things/:id`. */
  path: string;
  name: string;
  /** Who may not is told which role it takes. */
  scope?: Scope;
  /** Where it stands in the navigation; absent: it is reached from another screen. */
  group?: Group;
  /** Together with `g`, the way there by keyboard. */
  key?: string;
  Screen: ScreenComponent;
}

/** A screen that is fetched when somebody first goes there. */
export function lazyScreen(load: () => Promise<ScreenComponent>): ScreenComponent {
  return lazy(async () => ({ default: await load() }));
}

/** The place of the navigation a path belongs to: `/alerts/1` is in `/alerts`. */
export function placeOf(path: string, screens: readonly ScreenEntry[]): ScreenEntry | undefined {
  return screens.find(
    (screen) =>
      screen.group !== undefined &&
      (screen.path === path || (screen.path !== '/' && path.startsWith(`${screen.path}/`))),
  );
}
