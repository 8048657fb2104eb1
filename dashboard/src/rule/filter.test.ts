import { describe, expect, it } from 'vitest';

import { DetectionRule } from '#shared/rule/schema.ts';

import { matches, readFilter, writeFilter } from './filter.ts';

const rule = DetectionRule.parse({
  rule_id: 'disk-full',
  name: 'Disk is full',
  severity: 'ERROR',
  pattern: { type: ['metric.disk'] },
  detector: { kind: 'match' },
  title: 'Disk of {payload.host}',
});

describe('the filter of the rules', () => {
  it('goes into the address and comes back, beside what else stands there', () => {
    const filter = readFilter(
      '?state=DRAFT,STAGED&severity=ERROR&kind=threshold&q=disk&sort=-cost',
    );
    const written = writeFilter(filter, '?sort=-cost');
    expect(readFilter(written)).toEqual(filter);
    expect(new URLSearchParams(written).get('sort')).toBe('-cost');
    expect(writeFilter(readFilter(''), '')).toBe('');
  });

  it('leaves archived rules out until they are asked for, and unknown words always', () => {
    expect(readFilter('').states).toEqual(['DRAFT', 'STAGED', 'ENABLED', 'DISABLED']);
    expect(readFilter('?state=ARCHIVED,GONE&severity=LOUD')).toMatchObject({
      states: ['ARCHIVED'],
      severities: [],
    });
  });

  it('selects by each criterion, and by text in id, name and title', () => {
    const selects = (search: string) => matches(rule, readFilter(search));
    expect(
      ['', '?q=PAYLOAD.HOST', '?q=disk-', '?severity=ERROR', '?kind=match'].map(selects),
    ).toEqual(Array.from({ length: 5 }, () => true));
    expect(['?q=cpu', '?severity=WARN', '?kind=threshold', '?state=DRAFT'].map(selects)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});
