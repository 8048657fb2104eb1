const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isLocalName(hostname: string): boolean {
  return LOCAL_NAMES.has(hostname) || hostname.endsWith('.localhost');
}

/** Host name of a `Host` header without its port, lower-case; undefined when it is not one. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
}

/**
 * Against DNS rebinding: a page of another site whose name was pointed at 127.0.0.1 still sends that
 * name as `Host`, and gets nothing.
 */
export function isLocalHost(host: string): boolean {
  const name = hostName(host);
  return name !== undefined && isLocalName(name);
}

/**
 * True when no browser or a page of this machine sent the request. Other sites may not reach the AWS
 * protocols or `/_local` even blindly (a form post needs no CORS).
 */
export function isLocalOrigin(headers: Readonly<Record<string, string>>): boolean {
  const origin = headers.origin;
  if (origin === undefined) return headers['sec-fetch-site'] !== 'cross-site';
  const url = URL.parse(origin);
  return url !== null && isLocalName(url.hostname);
}
