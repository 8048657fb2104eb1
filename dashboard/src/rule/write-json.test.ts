import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { writeJson } from './write-json.ts';

const RULES = join(import.meta.dirname, '..', '..', '..', 'infra', 'rules', 'default');

describe('a rule as text', () => {
  it('says the same as the rule, for every shipped one', () => {
    for (const name of readdirSync(RULES).filter((file) => file.endsWith('.json'))) {
      const rule: unknown = JSON.parse(readFileSync(join(RULES, name), 'utf8'));
      expect(JSON.parse(writeJson(rule))).toEqual(rule);
    }
  });

  it('keeps short lists in a line, and everything else apart', () => {
    expect(writeJson({ type: ['a', 'b'], value: [{ numeric: ['>=', 95] }], deep: { x: 1 } })).toBe(
      '{\n  "type": ["a", "b"],\n  "value": [{ "numeric": [">=", 95] }],\n  "deep": {\n    "x": 1\n  }\n}',
    );
    expect(writeJson({ list: ['x'.repeat(90)], none: [], nothing: {}, gone: undefined })).toBe(
      `{\n  "list": [\n    "${'x'.repeat(90)}"\n  ],\n  "none": [],\n  "nothing": {}\n}`,
    );
  });
});
