import { type ReactNode, useLayoutEffect, useRef } from 'react';

import type { Column, Sort } from './column.ts';
import { TableHead } from './head.tsx';
import { TableRow } from './row.tsx';
import type { Hold } from './use-hold.ts';
import type { Selection } from './use-selection.ts';
import { useTableKeys } from './use-table-keys.ts';
import { useRowWindow } from './use-window.ts';

interface Props<Item, Row> {
  caption: string;
  /** One word for a row: `alert` gives rows `data-alert-id`, and names them in the list of keys. */
  kind: string;
  items: readonly Item[];
  /** The same function at each render. */
  idOf: (item: Item) => string;
  /** The same array at each render. */
  columns: readonly Column<Row>[];
  /** A hook that finds what a row shows, where `items` are only ids; the same at each render. */
  useRow?: (item: Item) => Row | undefined;
  rowClass?: (row: Row) => string;
  /** What a screen reader calls a row that is chosen. */
  nameOf?: (row: Row) => string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** What an item says that is no row but the head of those after it. */
  heading?: (item: Item) => ReactNode | undefined;
  selection?: Selection;
  hold?: Hold;
  empty: ReactNode;
  foot?: ReactNode;
  className?: string;
}

/**
 * A table of any length: sorted by its heads, moved in by j and k, chosen from by x; cards on a narrow
 * page. Far rows are not in the page, and no row moves while `hold` says so.
 */
export function Table<Item, Row = Item>(props: Props<Item, Row>) {
  const { items, idOf, columns, selection, hold } = props;
  const table = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const focusedId = useRef<string>(undefined);
  const ids = items.map(idOf);
  const near = useRowWindow(ids, body, focusedId);
  const headings = items.map((item) => props.heading?.(item));
  const rowIds = ids.filter((_, index) => headings[index] === undefined);
  useTableKeys({
    ids: rowIds,
    kind: props.kind,
    body,
    scrollTo: (id) => near.scrollTo(ids.indexOf(id)),
    toggle: selection?.toggle,
  });
  const tracks = [...(selection ? ['2.5rem'] : []), ...columns.map(({ width }) => width)].join(' ');
  const isEmpty = items.length === 0;
  useLayoutEffect(() => {
    table.current?.style.setProperty('--tracks', tracks);
  }, [tracks, isEmpty]);
  const areAllChosen = rowIds.length > 0 && rowIds.every((id) => selection?.chosen.has(id));
  return (
    <div
      className="table-frame"
      {...hold?.area}
      onFocusCapture={({ target }) => {
        focusedId.current = target.closest<HTMLElement>('[data-row-id]')?.dataset['rowId'];
      }}
    >
      {hold && hold.fresh.length > 0 && (
        <button type="button" className="pill" onClick={hold.release}>
          {hold.fresh.length} new ↑
        </button>
      )}
      {isEmpty ? (
        props.empty
      ) : (
        <table
          ref={table}
          role="table"
          className={`table grid-table ${props.className ?? ''}`}
          aria-rowcount={items.length + 1}
        >
          <caption className="hidden">{props.caption}</caption>
          <TableHead
            columns={columns}
            sort={props.sort}
            onSort={props.onSort}
            areAllChosen={selection && areAllChosen}
            onChooseAll={(areAll) => selection?.setAll(areAll ? rowIds : [])}
          />
          <tbody role="rowgroup" ref={body}>
            {near.indexes.map((index) =>
              headings[index] === undefined ? (
                <TableRow
                  key={ids[index]}
                  item={items[index]!}
                  id={ids[index]!}
                  index={index}
                  kind={props.kind}
                  columns={columns}
                  useRow={props.useRow ?? useItself}
                  rowClass={props.rowClass}
                  isFar={index === near.farIndex}
                  isChosen={selection?.chosen.has(ids[index]!)}
                  onToggle={selection?.toggle}
                  nameOf={props.nameOf}
                  measure={near.measure}
                />
              ) : (
                <tr
                  key={ids[index]}
                  ref={near.measure}
                  role="row"
                  aria-rowindex={index + 2}
                  data-index={index}
                  className="row-heading"
                >
                  <th role="rowheader" scope="rowgroup" aria-colspan={columns.length}>
                    {headings[index]}
                  </th>
                </tr>
              ),
            )}
          </tbody>
        </table>
      )}
      {props.foot !== undefined && <div className="table-foot">{props.foot}</div>}
    </div>
  );
}

/** What a row shows where the item is that already. */
const useItself = (item: unknown): never => item as never;
