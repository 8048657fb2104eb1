/** Calls back whenever the page's colours change; returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  const root = new MutationObserver(listener);
  root.observe(document.documentElement, { attributes: true });
  const queries = ['(prefers-contrast: more)', '(prefers-color-scheme: dark)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    root.disconnect();
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
