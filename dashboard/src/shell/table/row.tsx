import { memo } from 'react';

import type { Column } from './column.ts';

interface Props<Item, Row> {
  item: Item;
  id: string;
  index: number;
  /** `alert` makes `data-alert-id`. */
  kind: string;
  columns: readonly Column<Row>[];
  useRow: (item: Item) => Row | undefined;
  rowClass: ((row: Row) => string) | undefined;
  isFar: boolean;
  isChosen: boolean | undefined;
  onToggle: ((id: string) => void) | undefined;
  nameOf: ((row: Row) => string) | undefined;
  measure: ((row: HTMLElement | null) => void) | undefined;
}

function RowOf<Item, Row>(props: Props<Item, Row>) {
  const { item, id, index, kind, columns, useRow, isChosen, onToggle } = props;
  const row = useRow(item);
  if (row === undefined) return null;
  const classes = [
    'row',
    props.rowClass?.(row) ?? '',
    isChosen ? 'is-chosen' : '',
    props.isFar ? 'is-far' : '',
  ];
  return (
    <tr
      ref={props.measure}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-row-id={id}
      {...{ [`data-${kind}-id`]: id }}
      className={classes.filter(Boolean).join(' ')}
    >
      {onToggle && (
        <td role="cell" className="cell-choose">
          <input
            type="checkbox"
            checked={isChosen ?? false}
            onChange={() => onToggle(id)}
            aria-label={`Select ${props.nameOf?.(row) ?? id}`}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.key}
          role="cell"
          data-label={column.card === 'label' ? column.name : undefined}
          className={cellClass(column)}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** One row. Renders when what it shows changes, and at no other time. */
export const TableRow = memo(RowOf) as typeof RowOf;

/** The classes of a column's cells; its head has the same. */
export function cellClass<Row>({ isEnd, card, className }: Column<Row>): string {
  return [isEnd ? 'is-end' : '', card ? `card-${card}` : '', className ?? '']
    .filter(Boolean)
    .join(' ');
}
