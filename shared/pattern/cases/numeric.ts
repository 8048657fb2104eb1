import type { MatchCase } from './case.ts';
import { detail, RULER_EVENT } from './event.ts';

export const NUMERIC_CASES: readonly MatchCase[] = [
  [
    'ruler',
    'range, open below and closed above',
    detail({ 'c-count': [{ numeric: ['>', 0, '<=', 5] }] }),
    RULER_EVENT,
    true,
  ],
  ['ruler', 'less than', detail({ 'd-count': [{ numeric: ['<', 10] }] }), RULER_EVENT, true],
  [
    'ruler',
    'equals, in another spelling',
    detail({ 'x-limit': [{ numeric: ['=', 3.018e2] }] }),
    RULER_EVENT,
    true,
  ],
  [
    'operators',
    'an open bound excludes itself',
    detail({ 'c-count': [{ numeric: ['>', 5] }] }),
    RULER_EVENT,
    false,
  ],
  [
    'operators',
    'a closed bound includes itself',
    detail({ 'c-count': [{ numeric: ['>=', 5] }] }),
    RULER_EVENT,
    true,
  ],
  [
    'operators',
    'an open top excludes itself',
    detail({ 'c-count': [{ numeric: ['>=', 0, '<', 5] }] }),
    RULER_EVENT,
    false,
  ],
  [
    'operators',
    'below a range',
    detail({ 'c-count': [{ numeric: ['>', 10, '<', 20] }] }),
    RULER_EVENT,
    false,
  ],
  [
    'operators',
    'numeric reads JSON numbers only',
    detail({ n: [{ numeric: ['>', 0] }] }),
    detail({ n: '5' }),
    false,
  ],
  [
    'operators',
    'numeric never reads null',
    detail({ n: [{ numeric: ['<', 5] }] }),
    detail({ n: null }),
    false,
  ],
  [
    'operators',
    'negative bounds',
    detail({ n: [{ numeric: ['>=', -5e9, '<', -1] }] }),
    detail({ n: -2.5 }),
    true,
  ],
  [
    'sentry',
    'a value beyond the bounds is compared as what it is',
    detail({ n: [{ numeric: ['>', 0] }] }),
    detail({ n: 6e9 }),
    true,
  ],
  [
    'sentry',
    'the largest double is a number like others',
    detail({ n: [{ numeric: ['<', 0] }] }),
    detail({ n: -1.7e308 }),
    true,
  ],
];
