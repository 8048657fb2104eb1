import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeRecord } from './decode.ts';
import { countNested, countOpenings, jsonDepthExceeds } from './json-depth.ts';
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

  it('is never more than the openings, of which a value shows at most all', () => {
    fc.assert(
      fc.property(jsonText, (json) => {
        const openings = countOpenings(json, Infinity);
        expect(openings).toBeGreaterThanOrEqual(depthOf(json));
        expect(countNested(JSON.parse(json), Infinity)).toBeLessThanOrEqual(openings);
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
    [
      'under a key that comes again',
      (payload: string) => `{"a":${payload},"a":"{[","b":[${'[],'.repeat(40)}1]}`,
      EVENT_DEPTH_MAX,
    ],
  ])('refuses what a plain count finds too deep, and only that: %s', (_, wrap, max) => {
    fc.assert(
      fc.property(jsonText, (payload) => {
        const record = wrap(`{"source":"s","type":"t","payload":${payload}}`);
        const { rejects } = decodeRecord(Buffer.from(record), { tenant: 't', arrived_at_ms: 0 });
        expect(rejects.some(({ reason }) => reason === 'too_deep')).toBe(depthOf(record) > max);
      }),
      { numRuns: 500 },
    );
  });
});
