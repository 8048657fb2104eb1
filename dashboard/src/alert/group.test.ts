import { expect, it } from 'vitest';

import { buildLine } from './build-line.testing.ts';
import { arrange } from './group.ts';

const lines = [
  buildLine({ alert_id: 'a', service: 'shop', severity: 'WARN' }),
  buildLine({ alert_id: 'b', service: 'shop', severity: 'CRITICAL', state: 'RESOLVED' }),
  buildLine({ alert_id: 'c', service: 'web', severity: 'ERROR', state: 'ACK' }),
];
const get = (id: string) => lines.find(({ alert_id }) => alert_id === id);
const ids = ['a', 'b', 'c'];

it('alerts stand under the head of their group, which says how many and how grave', () => {
  expect(arrange(ids, 'service', new Set(), get)).toEqual([
    { id: 'group shop', group: { name: 'shop', count: 2, open: 1, severity: 'WARN' } },
    { id: 'a' },
    { id: 'b' },
    { id: 'group web', group: { name: 'web', count: 1, open: 0, severity: 'ERROR' } },
    { id: 'c' },
  ]);
});

it('a folded group keeps its head only, and without grouping there are no heads', () => {
  const folded = arrange(ids, 'service', new Set(['shop']), get);
  expect(folded.map(({ id }) => id)).toEqual(['group shop', 'group web', 'c']);
  expect(arrange(ids, undefined, new Set(), get)).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
});
