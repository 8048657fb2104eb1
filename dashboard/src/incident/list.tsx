import { useCallback, useMemo } from 'react';

import type { Incident } from '#shared/incident/schema.ts';

import { Empty } from '#dashboard/shell/notice.tsx';
import { writeSort } from '#dashboard/shell/table/column.ts';
import { Table } from '#dashboard/shell/table/table.tsx';
import { useHold } from '#dashboard/shell/table/use-hold.ts';
import { useSorted } from '#dashboard/shell/table/use-sort.ts';

import { INCIDENT_COLUMNS } from './columns.tsx';

interface Props {
  items: readonly Incident[];
  /** What selects them: another one shows everything anew. */
  selectedBy: string;
}

/** The incidents themselves; none moves while somebody points at it. */
export function IncidentList({ items, selectedBy }: Props) {
  const { rows, sort, onSort } = useSorted(items, INCIDENT_COLUMNS);
  const byId = useMemo(() => new Map(rows.map((row) => [row.incident_id, row])), [rows]);
  const ids = useMemo(() => [...byId.keys()], [byId]);
  const key = `${selectedBy} ${sort ? writeSort(sort) : ''}`;
  const hold = useHold(key, ids, false);
  const shown = hold.shown.flatMap((id) => byId.get(id) ?? []);
  return (
    <Table
      caption="Incidents"
      kind="incident"
      items={shown}
      idOf={useCallback(({ incident_id }: Incident) => incident_id, [])}
      columns={INCIDENT_COLUMNS}
      sort={sort}
      onSort={onSort}
      hold={hold}
      empty={
        <Empty title="No incident has this status.">
          <p>An alert of severity error or critical makes one.</p>
        </Empty>
      }
    />
  );
}
