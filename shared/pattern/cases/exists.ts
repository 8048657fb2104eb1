import type { MatchCase } from './case.ts';
import { detail, RULER_EVENT } from './event.ts';

export const EXISTS_CASES: readonly MatchCase[] = [
  [
    'operators',
    'exists true: present',
    detail({ 'c-count': [{ exists: true }] }),
    RULER_EVENT,
    true,
  ],
  ['operators', 'exists true: absent', detail({ z: [{ exists: true }] }), RULER_EVENT, false],
  [
    'operators',
    'exists true: null is present',
    detail({ z: [{ exists: true }] }),
    detail({ z: null }),
    true,
  ],
  [
    'operators',
    'exists false: absent',
    detail({ 'c-count': [{ exists: false }] }),
    detail({ state: 'x' }),
    true,
  ],
  [
    'operators',
    'exists false: present',
    detail({ 'c-count': [{ exists: false }] }),
    RULER_EVENT,
    false,
  ],
  [
    'operators',
    'exists false: the parent may be absent too',
    detail({ 'c-count': [{ exists: false }] }),
    { source: 'x' },
    true,
  ],
  [
    'ruler',
    'exists works on leaves only: an object is not there',
    detail({ 'c-count': [{ exists: true }] }),
    detail({ 'c-count': { c1: 100 } }),
    false,
  ],
  [
    'ruler',
    "exists false holds for an intermediate node (the README's example)",
    detail({ 'c-count': [{ exists: false }] }),
    detail({ 'c-count': { c1: 100 } }),
    true,
  ],
  ['ruler', 'an empty array has no leaf', { a: [{ exists: true }] }, { a: [] }, false],
  ['ruler', 'exists false with an empty array', { a: [{ exists: false }] }, { a: [] }, true],
  ['operators', 'absent or a value: absent', { a: [{ exists: false }, 'x'] }, {}, true],
  ['operators', 'absent or a value: the value', { a: [{ exists: false }, 'x'] }, { a: 'x' }, true],
  [
    'operators',
    'absent or a value: another value',
    { a: [{ exists: false }, 'x'] },
    { a: 'y' },
    false,
  ],
  [
    'operators',
    'exists false beside another field',
    { a: [{ exists: false }], b: [1] },
    { b: 1 },
    true,
  ],
];
