import { describe, expect, it } from 'vitest';

import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { explainMatch } from './explain-match.ts';

const explain = (pattern: Record<string, unknown>, payload: unknown) =>
  explainMatch(
    buildRule({ pattern }),
    buildEvent({ type: 'metric.disk', source: 'shop', payload }),
  );

describe('why a match rule fired', () => {
  it('names each condition and the value the event held there', () => {
    const pattern = {
      type: ['metric.disk'],
      payload: { value_percent: [{ numeric: ['>=', 95] }] },
    };
    expect(explain(pattern, { value_percent: 97 })).toEqual({
      detector: 'match',
      summary: 'type is metric.disk, payload.value_percent is 97',
      expected: 'no event with type metric.disk, payload.value_percent >= 95',
      observed: 'metric.disk from shop',
      values: { type: 'metric.disk', 'payload.value_percent': '97' },
    });
  });

  it('speaks of alternatives, absence and nested matchers', () => {
    const pattern = {
      $or: [
        { payload: { a: [{ exists: false }] } },
        { payload: { b: [{ 'anything-but': ['x', 'y'] }, null] } },
      ],
    };
    expect(explain(pattern, {}).expected).toBe(
      'no event with payload.a absent, payload.b anything-but x y or null',
    );
    expect(explain(pattern, {}).values).toEqual({
      'payload.a': '‹payload.a›',
      'payload.b': '‹payload.b›',
    });
  });

  it('stays short under a pattern of many conditions and a hostile value', () => {
    const payload = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}`, ['v']]));
    const said = explain({ payload }, { f0: `${'x'.repeat(10_000)}\u202E` });
    expect(said.expected).toMatch(/ and 32 more$/);
    expect(said.summary.length).toBeLessThan(1200);
    expect(said.summary).not.toContain('\u202E');
  });
});
