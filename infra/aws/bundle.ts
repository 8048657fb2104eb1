import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { FUNCTIONS } from '#infra/topology.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OUT = join(ROOT, 'dist', 'functions');

/** Some dependencies are CommonJS and call `require` for Node's own modules. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);`;

/**
 * Bundles every function's handler into `dist/functions/<folder>/handler.mjs`, one esbuild run, no
 * Docker. Returns the folder. Deterministic, so that an unchanged function keeps its asset hash.
 */
export async function bundleFunctions(): Promise<string> {
  rmSync(OUT, { recursive: true, force: true });
  const folders = [...Object.values(FUNCTIONS).map(({ folder }) => folder), 'setup'];
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(
      folders.map((folder) => [`${folder}/handler`, `functions/${folder}/handler.ts`]),
    ),
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true,
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  writeRulePack(join(OUT, 'setup'));
  return OUT;
}

/** The shipped rules lie beside the set-up function as one file. */
function writeRulePack(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const rules = join(ROOT, 'infra', 'rules', 'default');
  const pack = readdirSync(rules)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(rules, name), 'utf8')) as unknown);
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(pack));
}
