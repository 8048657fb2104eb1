/** Where the dashboard's scripts may connect, beside its own origin. */
export interface SiteOrigins {
  /** Origin of the HTTP API, e.g. `https://abc.execute-api.eu-west-1.amazonaws.com`. */
  api: string;
  /** Origin of the WebSocket API, with `wss:` (locally `ws:`). */
  live: string;
  /** Origins of the issuer: its discovery document and its token endpoint may be on different ones. */
  issuer: readonly string[];
}

/**
 * The response headers of the dashboard, the same from CloudFront and from a local instance. Nothing
 * inline, nothing from elsewhere (OWASP Secure Headers; CSP Level 3). `https` adds HSTS, which a
 * browser would ignore on plain HTTP.
 */
export function siteHeaders(origins: SiteOrigins, https: boolean): Record<string, string> {
  const connect = [...new Set([origins.api, origins.live, ...origins.issuer])].join(' ');
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "manifest-src 'self'",
      `connect-src 'self' ${connect}`,
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(https && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  };
}

/** `cache-control` of an object of the dashboard by its key: names under `assets/` carry a hash. */
export function siteCacheControl(key: string): string {
  if (key === 'config.json') return 'no-store';
  return key.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The key a path is served from: a path whose last part has no dot is a view of the one page. */
export function siteKey(path: string): string {
  const key = path.replace(/^\/+/, '');
  return /\.[^/]+$/.test(key) ? key : 'index.html';
}

/** What the dashboard reads first, from `/config.json`; written at deploy, never built in. */
export interface SiteConfig {
  /** Base of the HTTP API, without `/v1`. */
  api: string;
  /** URL of the WebSocket API. */
  live: string;
  issuer: string;
  client_id: string;
  build: string;
  environment: string;
  /** Name of the stream that events are put on, and its region. */
  stream: string;
  region: string;
  /** Where producers get a token with client credentials, and as which client. */
  token_url: string;
  producer_client: string;
  /** Where all of AWS is, when it is not AWS: a local instance. */
  endpoint?: string;
}
