import { describe, expect, it } from 'vitest';

import { describeFormat } from '#shared/rule/describe-format.ts';

import { namesIn, type Path, type Schema, schemasAt, startOf, valuesIn } from './schema.ts';

const format = describeFormat() as Schema;
const nothing = () => ({});
const namesAt = (path: Path, written: (path: Path) => Record<string, string> = nothing) =>
  namesIn(schemasAt(format, path, written)).map(({ name }) => name);

describe('what may stand at a place of a rule', () => {
  it('is every field of the rule, the needed ones first', () => {
    const names = namesAt([]);
    expect(names.slice(0, 6).sort()).toEqual(
      ['detector', 'name', 'pattern', 'rule_id', 'severity', 'title'].sort(),
    );
    expect(names).toContain('runbook_url');
    expect(namesAt(['tests', 3]).sort()).toEqual(['events', 'expect', 'name']);
  });

  it('is what the kind of detector has that is written there, and all of them before', () => {
    const threshold = (path: Path): Record<string, string> =>
      path.length === 1 ? { kind: 'threshold' } : {};
    expect(namesAt(['detector'], threshold)).toContain('window_seconds');
    expect(namesAt(['detector'], () => ({ kind: 'match' }))).toEqual(['kind']);
    expect(namesAt(['detector']).length).toBeGreaterThan(10);
  });

  it('is one of the values it knows', () => {
    const valuesAt = (...path: string[]) => valuesIn(schemasAt(format, path, nothing));
    expect(valuesAt('severity')).toEqual(['"INFO"', '"WARN"', '"ERROR"', '"CRITICAL"']);
    expect(valuesAt('detector', 'kind')).toContain('"threshold"');
    expect(valuesAt('name')).toEqual([]);
    expect(valuesAt('nowhere', 'at', 'all')).toEqual([]);
  });

  it('follows references, and begins a field with what it would be anyway', () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: { properties: { b: { enum: [1, 2] } } } } };
    expect(valuesIn(schemasAt(schema, ['b'], nothing))).toEqual(['1', '2']);
    expect(
      [{ default: 300 }, { type: 'array' }, { enum: ['x'] }, { type: 'string' }].map(startOf),
    ).toEqual(['300', '[]', '"x"', '""']);
  });
});
