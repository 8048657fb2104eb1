import type { MatchCase } from './case.ts';
import { detail } from './event.ts';

export const OR_CASES: readonly MatchCase[] = [
  [
    'operators',
    'the first alternative',
    {
      source: ['aws.cloudwatch'],
      $or: [
        { metricName: ['CPUUtilization', 'ReadLatency'] },
        { namespace: ['AWS/EC2', 'AWS/ES'] },
      ],
    },
    { source: 'aws.cloudwatch', metricName: 'ReadLatency' },
    true,
  ],
  [
    'operators',
    'the second alternative',
    {
      source: ['aws.cloudwatch'],
      $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }],
    },
    { source: 'aws.cloudwatch', namespace: 'AWS/EC2' },
    true,
  ],
  [
    'operators',
    'no alternative',
    {
      source: ['aws.cloudwatch'],
      $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }],
    },
    { source: 'aws.cloudwatch', namespace: 'AWS/S3' },
    false,
  ],
  [
    'operators',
    'the fields beside $or must hold',
    {
      source: ['aws.cloudwatch'],
      $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }],
    },
    { source: 'x', namespace: 'AWS/EC2' },
    false,
  ],
  [
    'operators',
    "the guide's example: any of three comparisons",
    {
      detail: {
        $or: [
          { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] },
          { 'd-count': [{ numeric: ['<', 10] }] },
          { 'x-limit': [{ numeric: ['=', 3.018e2] }] },
        ],
      },
    },
    detail({ 'x-limit': 301.8 }),
    true,
  ],
  [
    'ruler',
    'parallel $or: both must hold',
    { $or: [{ a: [1] }, { b: [1] }], detail: { $or: [{ c: [1] }, { d: [1] }] } },
    { b: 1, detail: { d: 1 } },
    true,
  ],
  [
    'ruler',
    'parallel $or: one alone is not enough',
    { $or: [{ a: [1] }, { b: [1] }], detail: { $or: [{ c: [1] }, { d: [1] }] } },
    { b: 1, detail: { e: 1 } },
    false,
  ],
  ['ruler', 'an "and" inside $or', { $or: [{ a: [1] }, { b: [1], c: [1] }] }, { b: 1 }, false],
  [
    'ruler',
    'a nested $or',
    { source: ['s'], $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] },
    { source: 's', b: 1, d: 1 },
    true,
  ],
  [
    'ruler',
    'a nested $or, its outer part missing',
    { source: ['s'], $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] },
    { source: 's', d: 1 },
    false,
  ],
  [
    'ruler',
    'the same field in two alternatives',
    {
      $or: [
        { a: [1], b: [2] },
        { a: [2], b: [1] },
      ],
    },
    { a: 2, b: 1 },
    true,
  ],
];
