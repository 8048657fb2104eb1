import { describe, expect, it } from 'vitest';

import { DETECTOR_KINDS } from '#shared/detection/kinds.ts';

import { describeFormat } from './describe-format.ts';

describe('the rule format as JSON Schema', () => {
  const schema = describeFormat() as {
    required: string[];
    properties: Record<string, { enum?: string[]; oneOf?: unknown[]; default?: unknown }>;
  };
  it('asks for what has no default, and lets nothing misspelled pass', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
    });
    expect([...schema.required].sort()).toEqual([
      'detector',
      'name',
      'pattern',
      'rule_id',
      'severity',
      'title',
    ]);
  });
  it('offers the states and the kinds of detector, and none of what the server sets', () => {
    expect(schema.properties['state']!.enum).toContain('STAGED');
    const kinds = Object.keys(DETECTOR_KINDS);
    const detector = JSON.stringify(schema.properties['detector']);
    expect(kinds).toContain('sequence');
    for (const kind of kinds) expect(detector).toContain(`"const":"${kind}"`);
    for (const stamp of ['version', 'author', 'created_at', 'updated_at'])
      expect(schema.properties).not.toHaveProperty(stamp);
  });
  it('names the lookup table as a matcher, within anything-but too', () => {
    const pattern = JSON.stringify(schema.properties['pattern']);
    expect(pattern.split('"lookup":{"type":"string"')).toHaveLength(3);
  });
  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
