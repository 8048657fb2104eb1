/** The shadow root of an element: an editor's own styles stand there, apart from the page's. */
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' });
}
