import { describe, expect, it } from 'vitest';

import { isAllowed, readRoles } from './role.ts';
import { findProblems, type Template } from './template.ts';

const templateOf = (Resources: Template['Resources']): Template => ({ Resources });

describe('the check of a template', () => {
  it('passes what CloudFormation would take', () => {
    const ok = templateOf({
      A: { Type: 'T', Properties: { x: { 'Fn::Sub': '${B.Arn}/${AWS::Region}/${!literal}' } } },
      B: { Type: 'T', Properties: { y: { Ref: 'AWS::NoValue' } } },
    });
    expect(findProblems(ok)).toEqual([]);
  });

  it.each([
    ['a Ref', { Ref: 'Gone' }],
    ['an attribute', { 'Fn::GetAtt': ['Gone', 'Arn'] }],
    ['a substitution', { 'Fn::Sub': 'x-${Gone.Arn}' }],
  ])('finds %s that leads nowhere', (_what, x) => {
    const broken = templateOf({ A: { Type: 'T', Properties: { list: [{ x }] } } });
    expect(findProblems(broken)).toEqual(['A: nothing is called Gone']);
  });

  it('finds resources that wait for each other', () => {
    const circle = templateOf({
      A: { Type: 'T', Properties: { x: { Ref: 'B' } } },
      B: { Type: 'T', DependsOn: ['A'] },
    });
    expect(findProblems(circle)).toEqual(['they wait for each other: A → B → A']);
  });
});

describe('the reading of roles', () => {
  const role = readRoles(
    templateOf({
      F: {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: 'f', Role: { 'Fn::GetAtt': ['R', 'Arn'] } },
      },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'journal' } },
      P: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'R' }],
          PolicyDocument: {
            Statement: [
              {
                Action: 'dynamodb:BatchWriteItem',
                Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
                Condition: {
                  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OUTBOX#*'] },
                },
              },
            ],
          },
        },
      },
    }),
  ).get('f')!;
  const call = { action: 'dynamodb:BatchWriteItem', resource: 'journal' };

  it('allows what a statement names, on keys its condition names', () => {
    expect(isAllowed(role, { ...call, keys: ['OUTBOX#a', 'OUTBOX#b'] })).toBe(true);
  });

  it.each([
    ['another key', { ...call, keys: ['OUTBOX#a', 'T#default#alert'] }],
    ['another action', { ...call, action: 'dynamodb:DeleteItem' }],
    ['another table', { ...call, resource: 'journal/index/due' }],
  ])('refuses %s', (_what, other) => {
    expect(isAllowed(role, other)).toBe(false);
  });
});
