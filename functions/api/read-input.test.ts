import { afterEach, describe, expect, it, vi } from 'vitest';

import { routeOf } from '#shared/api/routes.ts';

import { readInput } from './read-input.ts';

afterEach(() => vi.restoreAllMocks());

describe('a body of 10 MB', () => {
  it.each([
    ['rules.create', 1_048_576],
    ['rules.import', 4_194_304],
    ['rules.test', 1_048_576],
  ] as const)('sent to %s is refused before a byte of it is parsed', (operation, limit) => {
    const body = Buffer.from(`{"name":"${'x'.repeat(10_000_000)}"}`);
    const parse = vi.spyOn(JSON, 'parse');
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const send = () =>
      readInput(routeOf(operation)!, {
        params: {},
        query: new URLSearchParams(),
        body,
        content_type: 'application/json',
        if_match: undefined,
      });
    expect(send).toThrow(
      expect.objectContaining({
        code: 'too_large',
        message: `The body may have at most ${limit} bytes.`,
      }),
    );
    expect(parse).not.toHaveBeenCalled();
    expect(decode).not.toHaveBeenCalled();
  });
});
