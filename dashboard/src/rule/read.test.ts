import { describe, expect, it } from 'vitest';

import { readDocument } from './read-document.ts';
import { readEvents } from './read-events.ts';
import { asEvent } from './recent-events.ts';

describe('what is pasted', () => {
  it('is read as rules from a document, an array or a single rule; anything else says why not', () => {
    const rule = { rule_id: 'a' };
    for (const value of [{ format: 'x', rules: [rule] }, [rule], rule])
      expect(readDocument(JSON.stringify(value))).toEqual([rule]);
    expect(() => readDocument('{"rules": 1}')).toThrow('not an array');
    expect(() => readDocument('7')).toThrow('no rules');
    expect(() => readDocument('{')).toThrow('This is not JSON');
  });

  it('is read as events from an array, one event, or lines that the server reads', () => {
    expect(readEvents('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(readEvents('{"a":1}')).toEqual([{ a: 1 }]);
    expect(readEvents('{"a":1}\n\n{"a":2}\n')).toEqual(['{"a":1}', '{"a":2}']);
  });
});

describe('evidence', () => {
  it('is an event again with its payload; one that was cut is left out', () => {
    const evidence = {
      event_id: 'e',
      timestamp: '2026-01-01T00:00:00.000Z',
      source: 's',
      type: 't',
      severity: 'INFO' as const,
    };
    expect(asEvent({ ...evidence, payload_json: '{"a":1}' })).toEqual({
      ...evidence,
      payload: { a: 1 },
    });
    expect(asEvent({ ...evidence, payload_json: '{"a":"bcd…' })).toBeUndefined();
  });
});
