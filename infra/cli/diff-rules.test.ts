import { expect, it } from 'vitest';

import { RuleBody } from '#shared/rule/document-schema.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { compareRules } from './diff-rules.ts';

it('rules are compared by what they do, field by field, whatever their versions and authors', () => {
  const deployed = [
    buildRule({ rule_id: 'same', version: 7, author: 'user:ada' }),
    buildRule({ rule_id: 'changed', severity: 'WARN', labels: { team: 'a' } }),
    buildRule({ rule_id: 'elsewhere' }),
  ].map((rule) => RuleBody.parse(rule));
  const local = [
    buildRule({ rule_id: 'same' }),
    buildRule({ rule_id: 'changed', severity: 'ERROR' }),
    buildRule({ rule_id: 'added' }),
  ];
  expect(compareRules(local, deployed)).toEqual([
    { rule_id: 'same', kind: 'same', changes: [] },
    {
      rule_id: 'changed',
      kind: 'changed',
      changes: [
        { path: 'severity', before: 'WARN', after: 'ERROR' },
        { path: 'labels', before: { team: 'a' } },
      ],
    },
    { rule_id: 'added', kind: 'new', changes: [] },
  ]);
});
