import { json } from '@codemirror/lang-json';
import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';

import { pathOf, rangeOf, stringsAt } from './json-place.ts';

const TEXT = `{
  "name": "disk",
  "detector": { "kind": "match", "threshold": 5 },
  "pattern": { "payload.host": ["a", "b"] },
  "tests": [{ "name": "one" }, { "name": "two", "events": [] }]
}`;

function stateOf(text: string): EditorState {
  const state = EditorState.create({ doc: text, extensions: [json()] });
  ensureSyntaxTree(state, text.length, 60_000);
  return state;
}

const state = stateOf(TEXT);
const wordsAt = (path: string) => {
  const { from, to } = rangeOf(state, path);
  return state.sliceDoc(from, to);
};

describe('a path in the text', () => {
  it('is underlined at its value, and at the name of what is no plain value', () => {
    expect(wordsAt('detector.threshold')).toBe('5');
    expect(wordsAt('tests[1].name')).toBe('"two"');
    expect(wordsAt('detector')).toBe('"detector"');
    expect(wordsAt('tests[1].events')).toBe('"events"');
  });

  it('that is not there is underlined at the innermost thing on the way', () => {
    expect(wordsAt('detector.window_seconds')).toBe('"detector"');
    expect(wordsAt('severity')).toBe('{');
    expect(wordsAt('tests[7].name')).toBe('"tests"');
    expect(wordsAt('')).toBe('{');
  });

  it('finds names that hold dots', () => {
    expect(wordsAt('pattern.payload.host[1]')).toBe('"b"');
  });

  it('comes back from a place', async () => {
    const { syntaxTree } = await import('@codemirror/language');
    const at = TEXT.indexOf('two');
    expect(pathOf(state, syntaxTree(state).resolveInner(at, 1))).toEqual(['tests', 1, 'name']);
    expect(stringsAt(state, ['detector'])).toEqual({ kind: 'match' });
  });

  it('in a text that is torn still has a place', () => {
    for (const text of ['', '[', '{"a"', '{"a": [1,'])
      expect(rangeOf(stateOf(text), 'a[3].b').to).toBeLessThanOrEqual(text.length);
  });
});
