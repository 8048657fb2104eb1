import { resolve } from 'node:path';

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Summaries of operations are for the API's documents; the page needs method and path only. */
const withoutSummaries: Plugin = {
  name: 'without-summaries',
  enforce: 'pre',
  transform: (code, id) =>
    /\/shared\/api\/[\w-]+-access\.ts$/.test(id)
      ? code.replace(/^\s*summary:\s*(['"])(?:(?!\1).)*\1,$/gm, '')
      : undefined,
};

const ROOT = resolve(import.meta.dirname, '..');
/** One build serves every deployment: addresses come from `/config.json` at run time. */
export default defineConfig(({ command }) => {
  // A build started by a test would else contain React's development version.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    root: import.meta.dirname,
    plugins: [withoutSummaries, react()],
    build: {
      outDir: resolve(ROOT, 'dist', 'dashboard'),
      emptyOutDir: true,
      target: 'es2022',
      // The policy forbids data: for everything but images; small files stay files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
});
