/** Names of scripts a page loads by itself. */
export function scriptsOf(html: string): readonly string[] {
  return [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, path]) => path!);
}

/** Whether the page at the server loads other scripts than this one did; false when it cannot be asked. */
export async function isNewer(): Promise<boolean> {
  const here = document.querySelector<HTMLScriptElement>('script[src]');
  if (!here) return false;
  try {
    const response = await fetch('/index.html', { cache: 'no-store' });
    if (!response.ok) return false;
    const scripts = scriptsOf(await response.text());
    return scripts.length > 0 && !scripts.includes(new URL(here.src).pathname);
  } catch {
    return false;
  }
}
