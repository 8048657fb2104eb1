import { expect, it } from 'vitest';

import { type Choice, rank } from './rank.ts';

const choices: Choice[] = [
  { id: '1', kind: 'Alert', name: 'Disk /data of shop-db is full', words: 'k3v9qa shop' },
  { id: '2', kind: 'Place', name: 'Silences' },
  { id: '3', kind: 'Place', name: 'Sources' },
  { id: '4', kind: 'Action', name: 'Theme: light' },
];
const ids = (text: string) => rank(choices, text).map(({ id }) => id);

it('finds an alert by its id or by words of its title in any order', () => {
  expect(ids('k3v9')).toEqual(['1']);
  expect(ids('full SHOP')).toEqual(['1']);
  expect(ids('full web')).toEqual([]);
});

it('puts names that begin with the text first', () => {
  expect(ids('s')).toEqual(['2', '3', '1']);
  expect(ids('light')).toEqual(['4']);
});

it('offers places and actions before anything is typed', () => {
  expect(ids('  ')).toEqual(['2', '3', '4']);
});
