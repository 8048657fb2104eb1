import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { S3 } from '#infra/local/s3/s3.ts';
import { BUCKETS } from '#infra/topology.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Puts a built dashboard into its bucket, the page last so that it never names an asset that is not
 * there yet. Assets of earlier builds stay for the tabs that still run them. Returns the file count.
 */
export async function uploadDashboard(s3: S3, directory: string): Promise<number> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => Number(a.endsWith('.html')) - Number(b.endsWith('.html')));
  for (const file of files) {
    const key = relative(directory, file).split(sep).join('/');
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    await s3.putObject(BUCKETS.dashboard.name, key, readFileSync(file), { 'content-type': type });
  }
  return files.length;
}
