import { type Column, nextSort, type Sort } from './column.ts';
import { cellClass } from './row.tsx';

interface Props<Row> {
  columns: readonly Column<Row>[];
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
  /** Whether all are chosen; absent: nothing can be. */
  areAllChosen: boolean | undefined;
  onChooseAll: (areAll: boolean) => void;
}

/** The names of the columns; a click on one sorts by it. */
export function TableHead<Row>({ columns, sort, onSort, areAllChosen, onChooseAll }: Props<Row>) {
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {areAllChosen !== undefined && (
          <th role="columnheader" scope="col" className="cell-choose">
            <input
              type="checkbox"
              aria-label="Select all"
              checked={areAllChosen}
              onChange={() => onChooseAll(!areAllChosen)}
            />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.key}
            role="columnheader"
            scope="col"
            className={cellClass(column)}
            aria-sort={sort?.key === column.key ? directionOf(sort) : undefined}
          >
            <Name column={column} sort={sort} onSort={onSort} />
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Name<Row>(props: Pick<Props<Row>, 'sort' | 'onSort'> & { column: Column<Row> }) {
  const { column, sort, onSort } = props;
  if (column.isNameHidden) return <span className="hidden">{column.name}</span>;
  if (!column.compare || !onSort) return column.name;
  const mark = sort?.key === column.key ? (sort.isDescending ? ' ↓' : ' ↑') : '';
  return (
    <button type="button" className="sort" onClick={() => onSort(nextSort(column, sort))}>
      {column.name}
      <span aria-hidden="true">{mark}</span>
    </button>
  );
}

function directionOf({ isDescending }: Sort): 'ascending' | 'descending' {
  return isDescending ? 'descending' : 'ascending';
}
