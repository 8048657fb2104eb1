import { describe, expect, it } from 'vitest';

import { patternWords, readPattern, writePattern } from './pattern.ts';

describe('what a policy matches', () => {
  it.each([
    [{}, 'every alert'],
    [{ severity: ['CRITICAL', 'ERROR'] }, 'severity is CRITICAL or ERROR'],
    [
      { service: [{ prefix: 'pay' }], labels: { env: [{ 'anything-but': ['dev', 'test'] }] } },
      'service begins with pay and label env is not dev nor test',
    ],
    [{ group: { host: [{ exists: false }] } }, 'group host is missing'],
    [{ title: [{ suffix: 'down' }, { suffix: 'full' }] }, 'title ends with down or full'],
  ])('%j is said in words and comes back from the fields as it was', (pattern, words) => {
    expect(patternWords(pattern)).toBe(words);
    expect(writePattern(readPattern(pattern)!)).toEqual(pattern);
  });

  it.each([
    { $or: [{ service: ['a'] }, { service: ['b'] }] },
    { service: [{ wildcard: 'a*' }] },
    { service: ['a', { prefix: 'b' }] },
    { labels: { env: { deeper: ['x'] } } },
    { count: [{ numeric: ['>', 3] }] },
  ])('%j says more than fields can and is left to the JSON', (pattern) => {
    expect(readPattern(pattern)).toBeUndefined();
    expect(patternWords(pattern)).toContain(JSON.stringify(pattern));
  });
});
