import type { ReactNode } from 'react';

/** One column of a table. */
export interface Column<Row> {
  /** Its word in the address: `?sort=key`, `?sort=-key`. */
  key: string;
  name: string;
  /** Width as a track of a CSS grid: `6rem`, `minmax(12rem, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Ascending order; absent: nobody sorts by it. */
  compare?: (a: Row, b: Row) => number;
  /** What the first click gives. */
  first?: 'ascending' | 'descending';
  /** Only for screen readers: a column of buttons. */
  isNameHidden?: boolean;
  /** Numbers and ages stand at the end of their column. */
  isEnd?: boolean;
  /** On a card: `line` has a line of its own, `label` has the column's name before it, `hide` is left out. */
  card?: 'line' | 'label' | 'hide';
  className?: string;
}

export interface Sort {
  key: string;
  isDescending: boolean;
}

/** `key` or `-key`. */
export function readSort(
  text: string | null,
  columns: readonly { key: string }[],
): Sort | undefined {
  if (text === null) return undefined;
  const isDescending = text.startsWith('-');
  const key = isDescending ? text.slice(1) : text;
  return columns.some((column) => column.key === key) ? { key, isDescending } : undefined;
}

export function writeSort({ key, isDescending }: Sort): string {
  return isDescending ? `-${key}` : key;
}

/** What a click on a column's head asks for: its first direction, then the other. */
export function nextSort(
  column: Pick<Column<never>, 'key' | 'first'>,
  sort: Sort | undefined,
): Sort {
  if (sort?.key === column.key) return { key: column.key, isDescending: !sort.isDescending };
  return { key: column.key, isDescending: column.first === 'descending' };
}

/** Rows in the order asked for; rows that are equal stay as they were. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const compare = columns.find(({ key }) => key === sort?.key)?.compare;
  if (!sort || !compare) return rows;
  return rows.toSorted((a, b) => (sort.isDescending ? compare(b, a) : compare(a, b)));
}

/** Compares texts as people do: `node-9` before `node-10`. */
export const byText = new Intl.Collator('en', { numeric: true }).compare;
