import type { MatchCase } from './case.ts';
import { detail } from './event.ts';

export const WILDCARD_CASES: readonly MatchCase[] = [
  [
    'operators',
    "the guide's example: a png anywhere below dir",
    detail({ p: [{ wildcard: 'dir/*.png' }] }),
    detail({ p: 'dir/a/b.png' }),
    true,
  ],
  [
    'ruler',
    "the README's example",
    { source: [{ wildcard: 'Simple*Service' }] },
    { source: 'SimpleQueueService' },
    true,
  ],
  ['operators', '* matches nothing too', { a: [{ wildcard: 'a*b' }] }, { a: 'ab' }, true],
  ['operators', 'the ends are anchored', { a: [{ wildcard: 'a*b' }] }, { a: 'xab' }, false],
  ['operators', 'the end is anchored', { a: [{ wildcard: 'a*b' }] }, { a: 'abx' }, false],
  ['operators', 'without * it is an exact value', { a: [{ wildcard: 'abc' }] }, { a: 'abc' }, true],
  ['operators', '* alone matches every string', { a: [{ wildcard: '*' }] }, { a: '' }, true],
  ['operators', '* alone matches no number', { a: [{ wildcard: '*' }] }, { a: 5 }, false],
  ['operators', 'the parts must come in order', { a: [{ wildcard: '*b*a*' }] }, { a: 'ab' }, false],
  [
    'operators',
    'parts do not share characters',
    { a: [{ wildcard: 'ab*ba' }] },
    { a: 'aba' },
    false,
  ],
  ['operators', 'several wildcards', { a: [{ wildcard: 'a*b*c' }] }, { a: 'a1b2b3c' }, true],
  [
    'operators',
    'a middle part may not reach into the last one',
    { a: [{ wildcard: '*ab*b' }] },
    { a: 'ab' },
    false,
  ],
  ['ruler', '\\* is an asterisk', { a: [{ wildcard: '5\\*5' }] }, { a: '5*5' }, true],
  ['ruler', '\\* is only an asterisk', { a: [{ wildcard: '5\\*5' }] }, { a: '555' }, false],
  ['ruler', '\\\\ is a backslash', { a: [{ wildcard: 'c:\\\\*' }] }, { a: 'c:\\temp' }, true],
  [
    'ruler',
    'an escaped asterisk may stand beside a wildcard',
    { a: [{ wildcard: '\\**' }] },
    { a: '*x' },
    true,
  ],
  [
    'sentry',
    'line breaks are characters like others',
    { a: [{ wildcard: 'a*b' }] },
    { a: 'a\n\nb' },
    true,
  ],
];
