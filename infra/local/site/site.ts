import type { WebHandler } from '#infra/local/gateway/gateway.ts';
import type { WebResponse } from '#infra/local/gateway/exchange.ts';
import type { S3 } from '#infra/local/s3/s3.ts';
import { siteCacheControl, siteHeaders, siteKey, type SiteConfig } from '#infra/site-headers.ts';
import { BUCKETS } from '#infra/topology.ts';

/**
 * CloudFront's stand-in: serves the dashboard bucket with the production headers, `index.html` for
 * client routes, and `/config.json` for this instance.
 */
export function createSite(options: {
  s3: S3;
  config: SiteConfig;
  /** `http://127.0.0.1:<port>` */
  origin: string;
}): WebHandler {
  const { s3, config, origin } = options;
  const security = siteHeaders(
    { api: origin, live: origin.replace('http', 'ws'), issuer: [origin] },
    false,
  );

  function answer(status: number, key: string, type: string, body: Buffer | string): WebResponse {
    const headers = { ...security, 'content-type': type, 'cache-control': siteCacheControl(key) };
    return { status, headers, body };
  }

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return {
        ...answer(405, '', 'text/plain', 'Method Not Allowed'),
        headers: { ...security, allow: 'GET, HEAD', 'content-type': 'text/plain' },
      };
    const key = siteKey(request.path);
    // One origin for pages, API and issuer, as behind CloudFront: so there is no CORS to allow.
    if (key === 'index.html' && `http://${request.host}` !== origin)
      return {
        ...answer(307, key, 'text/plain', ''),
        headers: {
          ...security,
          location: `${origin}${request.rawPath}${request.rawQuery && `?${request.rawQuery}`}`,
        },
      };
    if (key === 'config.json')
      return answer(200, key, 'application/json', JSON.stringify(config, undefined, 2));
    const object = await s3.getObject(BUCKETS.dashboard.name, key);
    if (object === undefined)
      return key === 'index.html'
        ? answer(503, key, 'text/html; charset=utf-8', NOT_BUILT)
        : answer(404, '', 'text/plain; charset=utf-8', 'Not Found');
    const { etag } = object.head;
    const type = object.head.headers['content-type'] ?? 'application/octet-stream';
    const response = answer(200, key, type, object.body);
    response.headers['etag'] = etag;
    if (request.headers['if-none-match'] === etag) return { ...response, status: 304, body: '' };
    return response;
  };
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hearthlink Sentry</title></head>
<body>
<h1>The dashboard is not built yet</h1>
<p>This instance runs, but nothing was uploaded to its bucket. <code>npm start</code> builds the
dashboard by itself; if it said why it could not, that line is in the terminal.</p>
<ul>
<li><a href="/openapi.json">The HTTP API, as OpenAPI</a></li>
<li><a href="/_local/outbox">The outbox: every message that would have gone out</a></li>
<li><a href="/_local/health">Health of this instance</a></li>
</ul>
</body>
</html>
`;
