#!/usr/bin/env node
// `npx sentry …` in the checkout: npm runs this file from package.json's "bin" on any Node.
import { BootError, ROOT, ensureInstalled, guard, runOnNode } from './runtime.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

await guard(async () => {
  const main = join(ROOT, 'infra', 'cli', 'main.ts');
  if (!existsSync(main)) throw new BootError(`${main} is missing; is this a whole checkout?`);
  await ensureInstalled();
  return runOnNode([main, ...process.argv.slice(2)], { cwd: process.cwd() });
});
