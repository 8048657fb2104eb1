import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeRecord } from './decode.ts';
import { jsonDepthExceeds, nestsDeeper } from './json-depth.ts';
import { EVENT_DEPTH_MAX } from './schema.ts';

/** Depth of a JSON text, by taking its strings away and counting what is left. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '')) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** JSON texts as hostile as they come: brackets, quotes and backslashes in strings and keys, keys repeated. */
const jsonText = fc.letrec<{ value: string; text: string }>((tie) => ({
  text: fc
    .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', 'a', 'é', '�') })
    .map((text) => JSON.stringify(text)),
  value: fc.oneof(
    { maxDepth: 6 },
    tie('text'),
    fc.constantFrom('1', 'null', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 4 }).map((entries) => `[${entries.join(', ')}]`),
    fc
      .array(fc.tuple(fc.oneof(tie('text'), fc.constant('"k"')), tie('value')), { maxLength: 4 })
      .map((entries) => `{${entries.map((entry) => entry.join(':')).join(',')}}`),
    fc
      .tuple(tie('value'), fc.nat(EVENT_DEPTH_MAX + 4))
      .map(([value, more]) => '['.repeat(more) + value + ']'.repeat(more)),
  ),
})).value;

describe('the depth of JSON', () => {
  it('is what a plain count says', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(40), (json, max) => {
        expect(jsonDepthExceeds(Buffer.from(json), max)).toBe(depthOf(json) > max);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a value is that of its text written out', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(40), (json, max) => {
        const value: unknown = JSON.parse(json);
        expect(nestsDeeper(value, max)).toBe(depthOf(JSON.stringify(value)) > max);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['alone', (payload: string) => payload, EVENT_DEPTH_MAX],
    ['in an array', (payload: string) => `[${payload},${payload}]`, EVENT_DEPTH_MAX + 1],
    [
      'among many',
      (payload: string) => `[${'{"source":"s","type":"t"},'.repeat(40)}${payload}]`,
      EVENT_DEPTH_MAX + 1,
    ],
  ])(
    'refuses an event that would be too deep written out again, and none of ordinary depth: %s',
    (_, wrap, max) => {
      fc.assert(
        fc.property(jsonText, (payload) => {
          const record = wrap(`{"source":"s","type":"t","payload":${payload}}`);
          const { rejects } = decodeRecord(Buffer.from(record), { tenant: 't', arrived_at_ms: 0 });
          const kept = JSON.stringify(JSON.parse(record));
          const refused = rejects.some(({ reason }) => reason === 'too_deep');
          // What only the text holds, under a key that comes again, may be refused and may be dropped.
          if (depthOf(kept) > max) expect(refused).toBe(true);
          if (depthOf(record) <= max) expect(refused).toBe(false);
        }),
        { numRuns: 500 },
      );
    },
  );
});
