import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { readRulePacks } from '#infra/rule-pack.ts';
import { FUNCTIONS } from '#infra/functions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OUT = join(ROOT, 'dist', 'functions');

/** Some dependencies are CommonJS and call `require` for Node's own modules. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);`;

/**
 * Bundles every function's handler into `dist/functions/<folder>/handler.mjs`, one esbuild run, no
 * Docker, and the rules to install, those of the packs named among them. Returns the folder. Deterministic, so that an unchanged function keeps its asset hash.
 */
export async function bundleFunctions(packs?: string): Promise<string> {
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
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  writeFileSync(join(OUT, 'setup', 'rules.json'), JSON.stringify(readRulePacks(packs)));
  return OUT;
}
