import { expect, it } from 'vitest';

import { scriptsOf } from './version.ts';

it('a page names the scripts it loads; another build names others', () => {
  const page = (name: string) =>
    `<!doctype html><link rel="icon" href="/favicon.svg"><script type="module" crossorigin src="/assets/${name}.js"></script><script>1</script>`;
  expect(scriptsOf(page('index-1'))).toEqual(['/assets/index-1.js']);
  expect(scriptsOf('<h1>The dashboard is not built yet</h1>')).toEqual([]);
});
