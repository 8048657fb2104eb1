import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, watchFile } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
/** Where a built dashboard lies; `infra/aws` deploys the same directory. */
export const DASHBOARD_DIRECTORY = join(ROOT, 'dist', 'dashboard');
/** What the dashboard is made of. */
const SOURCES = ['dashboard', 'shared', 'package-lock.json'];

/** The build failed; `message` holds what Vite said. */
export class BuildFailed extends Error {}

/** True when the sources are there and newer than what was built from them. */
export function dashboardIsStale(): boolean {
  if (!existsSync(join(ROOT, 'dashboard', 'index.html'))) return false;
  const page = join(DASHBOARD_DIRECTORY, 'index.html');
  const builtAt = statSync(page, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return true;
  return SOURCES.some((source) => changedAt(join(ROOT, source)) > builtAt);
}

function changedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path)
    .filter((name) => !name.includes('.test.'))
    .map((name) => changedAt(join(path, name)));
  return Math.max(0, ...inside);
}

function vite(args: string[]): ChildProcess {
  return spawn(process.execPath, [VITE, 'build', 'dashboard', '--emptyOutDir', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Builds into a directory of its own and swaps it in, so that no one ever reads half a dashboard. */
export async function buildDashboard(): Promise<void> {
  const fresh = `${DASHBOARD_DIRECTORY}.${process.pid}`;
  try {
    const output = await new Promise<string>((resolve, reject) => {
      const child = vite(['--logLevel', 'warn', '--outDir', fresh]);
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve(text) : reject(new BuildFailed(text.trim() || `exit code ${code}`)),
      );
    });
    if (output.trim() !== '') console.error(output.trim());
    rmSync(DASHBOARD_DIRECTORY, { recursive: true, force: true });
    renameSync(fresh, DASHBOARD_DIRECTORY);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Builds it when it is stale; returns its directory. One build serves every deployment. */
export async function ensureDashboard(): Promise<string> {
  if (dashboardIsStale()) await buildDashboard();
  return DASHBOARD_DIRECTORY;
}

/** Builds at every change of the sources; calls back after each build. Returns the way to stop. */
export function watchDashboard(onBuilt: () => void): () => void {
  const child = vite(['--watch', '--outDir', DASHBOARD_DIRECTORY]);
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  const page = join(DASHBOARD_DIRECTORY, 'index.html');
  const watcher = watchFile(page, { interval: 300 }, (now) => {
    if (now.size > 0) onBuilt();
  });
  return () => {
    watcher.removeAllListeners('change').unref();
    child.kill();
  };
}
