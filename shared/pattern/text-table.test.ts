import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { TextTable } from './text-table.ts';

it('finds each of any texts, and nothing for any other', () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^service-[0-9a-z]{1,2}-api$/),
    fc.constantFrom('', 'a', 'b', '\ud800', '\udc00a', 'constructor', 'x'.repeat(5_000)),
  );
  fc.assert(
    fc.property(fc.uniqueArray(text, { minLength: 1 }), fc.array(text), (texts, others) => {
      const table = new TextTable<number>();
      for (const [at, one] of texts.entries()) table.add(one, at);
      expect(texts.map((one) => table.get(one))).toEqual(texts.map((_, at) => at));
      for (const other of others)
        expect(table.get(other)).toBe(texts.includes(other) ? texts.indexOf(other) : undefined);
    }),
  );
});
