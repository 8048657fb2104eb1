const KEY = 'sentry.theme';

export type Theme = 'dark' | 'light';

/** Dark unless this browser chose otherwise. */
export function readTheme(): Theme {
  try {
    return localStorage.getItem(KEY) === 'light' ? 'light' : 'dark';
  } catch {
    return 'dark';
  }
}

/** Shows a theme and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser without storage forgets it, no more.
  }
}
