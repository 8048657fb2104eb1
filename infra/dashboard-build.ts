import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['dashboard', 'shared/api', 'shared/kernel', 'package.json', 'package-lock.json'];

/** Where the built dashboard lies. */
export const DASHBOARD_DIST = join(ROOT, 'dist', 'dashboard');

/** True when the built dashboard is missing or older than anything it is made from. */
export function isDashboardStale(): boolean {
  const built = join(DASHBOARD_DIST, 'index.html');
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return SOURCES.some((source) => newestIn(join(ROOT, source)) > builtAt);
}

/** Builds the dashboard when it is stale; returns its folder. One build serves every deployment. */
export async function buildDashboard(): Promise<string> {
  if (isDashboardStale()) {
    const { build } = await import('vite');
    await build({ configFile: join(ROOT, 'dashboard', 'vite.config.ts'), logLevel: 'warn' });
  }
  return DASHBOARD_DIST;
}

function newestIn(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
