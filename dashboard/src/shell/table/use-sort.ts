import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

import { type Column, readSort, type Sort, sortRows, writeSort } from './column.ts';

/** Rows in the order of the address' `sort`; without one, in the order given. */
export function useSorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): { rows: readonly Row[]; sort: Sort | undefined; onSort: (sort: Sort) => void } {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const text = new URLSearchParams(search).get('sort');
  const sort = useMemo(() => readSort(text, columns), [text, columns]);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const onSort = useCallback(
    (next: Sort) => {
      const query = new URLSearchParams(search);
      query.set('sort', writeSort(next));
      navigate(`${path}?${query}`, { replace: true });
    },
    [search, path, navigate],
  );
  return { rows: sorted, sort, onSort };
}
