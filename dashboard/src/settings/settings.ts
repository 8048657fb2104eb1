import { useSyncExternalStore } from 'react';

import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';

export const THEMES = ['dark', 'light', 'contrast'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
export const CLOCKS = ['local', 'utc'] as const;
const SWITCH = ['on', 'off'] as const;

/** What this browser remembers of how somebody likes to work. */
export interface Settings {
  theme: (typeof THEMES)[number];
  density: (typeof DENSITIES)[number];
  /** In which zone times are shown. */
  clock: (typeof CLOCKS)[number];
  /** Shortcuts of one letter; those with Ctrl or Cmd always work. */
  keys: (typeof SWITCH)[number];
  /** Severities whose new alerts make a sound. */
  sound: readonly Severity[];
  /** Severities whose new alerts show a notification of the desktop. */
  notify: readonly Severity[];
}

const PREFIX = 'sentry.';

/** Reads what is kept; what is missing or unknown is as shipped. */
export function parseSettings(kept: Pick<Storage, 'getItem'>): Settings {
  const one = <Word extends string>(name: keyof Settings, words: readonly Word[]): Word =>
    words.find((word) => word === kept.getItem(`${PREFIX}${name}`)) ?? words[0]!;
  const some = (name: keyof Settings): Severity[] => {
    const words = (kept.getItem(`${PREFIX}${name}`) ?? '').split(',');
    return SEVERITIES.filter((severity) => words.includes(severity));
  };
  return {
    theme: one('theme', THEMES),
    density: one('density', DENSITIES),
    clock: one('clock', CLOCKS),
    keys: one('keys', SWITCH),
    sound: some('sound'),
    notify: some('notify'),
  };
}

/** Keeps what changed; a browser without storage forgets it, no more. */
export function keepSettings(kept: Pick<Storage, 'setItem'>, patch: Partial<Settings>): void {
  for (const [name, value] of Object.entries(patch))
    kept.setItem(`${PREFIX}${name}`, typeof value === 'string' ? value : value.join());
}

const listeners = new Set<() => void>();
let current: Settings | undefined;

export function readSettings(): Settings {
  try {
    return (current ??= parseSettings(localStorage));
  } catch {
    return (current ??= parseSettings({ getItem: () => null }));
  }
}

export function changeSettings(patch: Partial<Settings>): void {
  current = { ...readSettings(), ...patch };
  try {
    keepSettings(localStorage, patch);
  } catch {
    // It holds until the page is closed.
  }
  applySettings();
  for (const listener of listeners) listener();
}

/** Shows theme and density: style sheets read them off the root. */
export function applySettings(): void {
  const { theme, density } = readSettings();
  Object.assign(document.documentElement.dataset, { theme, density });
}

/** Takes over what another tab of this browser changes. */
export function followOtherTabs(): void {
  window.addEventListener('storage', ({ key }) => {
    if (key !== null && !key.startsWith(PREFIX)) return;
    current = undefined;
    applySettings();
    for (const listener of listeners) listener();
  });
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, readSettings);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
