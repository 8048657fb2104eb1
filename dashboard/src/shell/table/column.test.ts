import { describe, expect, it } from 'vitest';

import { byText, type Column, nextSort, readSort, sortRows, writeSort } from './column.ts';

interface Row {
  name: string;
  count: number;
}
const columns: Column<Row>[] = [
  {
    key: 'name',
    name: 'Name',
    width: '1fr',
    cell: () => null,
    compare: (a, b) => byText(a.name, b.name),
  },
  {
    key: 'count',
    name: 'Count',
    width: '1fr',
    cell: () => null,
    compare: (a, b) => a.count - b.count,
    first: 'descending',
  },
  { key: 'act', name: 'Actions', width: '1fr', cell: () => null },
];
const rows: Row[] = [
  { name: 'node-10', count: 1 },
  { name: 'node-9', count: 2 },
  { name: 'node-1', count: 1 },
];
const names = (list: readonly Row[]) => list.map(({ name }) => name);

describe('the order of a table', () => {
  it('goes into the address and comes back; what no column is called is no order', () => {
    for (const text of ['name', '-count']) expect(writeSort(readSort(text, columns)!)).toBe(text);
    expect(readSort('other', columns)).toBeUndefined();
    expect(readSort(null, columns)).toBeUndefined();
  });

  it('turns with each click, beginning with what the column says', () => {
    const first = nextSort(columns[1]!, undefined);
    expect(first).toEqual({ key: 'count', isDescending: true });
    expect(nextSort(columns[1]!, first)).toEqual({ key: 'count', isDescending: false });
    expect(nextSort(columns[0]!, first)).toEqual({ key: 'name', isDescending: false });
  });

  it('sorts numbers in names as people do, and leaves equal rows where they were', () => {
    expect(names(sortRows(rows, columns, { key: 'name', isDescending: false }))).toEqual([
      'node-1',
      'node-9',
      'node-10',
    ]);
    expect(names(sortRows(rows, columns, { key: 'count', isDescending: true }))).toEqual([
      'node-9',
      'node-10',
      'node-1',
    ]);
    expect(sortRows(rows, columns, { key: 'act', isDescending: true })).toBe(rows);
  });
});
