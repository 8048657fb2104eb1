import { describe, expect, it } from 'vitest';

import { safePath } from './session.ts';

describe('the way back after signing in', () => {
  it.each(['/', '/alerts/abc?x=1', '/feed'])('may be a path of this site: %s', (path) => {
    expect(safePath(path)).toBe(path);
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/callback?code=1', 7])(
    'leads home instead of to %s',
    (path) => {
      expect(safePath(path)).toBe('/');
    },
  );
});
