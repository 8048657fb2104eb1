import { useMemo, useState, useSyncExternalStore } from 'react';

import type { AlertLine } from '#shared/live/schema.ts';

import { useApp } from '#dashboard/shell/app-context.ts';
import { Empty, Loading, TestEventHint } from '#dashboard/shell/notice.tsx';
import { Table } from '#dashboard/shell/table/table.tsx';
import type { Hold } from '#dashboard/shell/table/use-hold.ts';
import type { Selection } from '#dashboard/shell/table/use-selection.ts';

import { ALERT_COLUMNS } from './columns.tsx';
import { type ListFilter, readFilter, writeFilter } from './filter.ts';
import { GroupHead } from './group-head.tsx';
import { arrange, type ListItem } from './group.ts';
import { useAlert } from './use-alert.ts';

interface Props {
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
  hold: Hold;
  selection: Selection;
}

/** The alerts themselves, under the heads of their groups when they are put together. */
export function AlertList({ filter, onFilter, hold, selection }: Props) {
  const { alerts } = useApp();
  const isLoaded = useSyncExternalStore(alerts.subscribe, alerts.isLoaded);
  const isTruncated = useSyncExternalStore(alerts.subscribe, alerts.isTruncated);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const { shown } = hold;
  const items = useMemo(
    () => arrange(shown, filter.group, folded, (id) => alerts.get(id)),
    [shown, filter.group, folded, alerts],
  );
  if (!isLoaded) return <Loading what="alerts" />;
  const fold = (name: string) =>
    setFolded((held) => {
      const next = new Set(held);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const hasFoot = isTruncated && filter.states.includes('RESOLVED');
  return (
    <Table<ListItem, AlertLine>
      caption="Alerts"
      kind="alert"
      className="alert-table"
      items={items}
      idOf={idOf}
      useRow={useItem}
      columns={ALERT_COLUMNS}
      rowClass={classOf}
      nameOf={titleOf}
      heading={(item) =>
        item.group && (
          <GroupHead group={item.group} isFolded={folded.has(item.group.name)} onFold={fold} />
        )
      }
      sort={filter.sort}
      onSort={(sort) => onFilter({ ...filter, sort })}
      selection={selection}
      hold={hold}
      empty={<NoAlerts filter={filter} onFilter={onFilter} />}
      {...(hasFoot && {
        foot: <p className="muted">Only the newest resolved alerts are listed here.</p>,
      })}
    />
  );
}

const idOf = ({ id }: ListItem) => id;
const useItem = ({ id }: ListItem) => useAlert(id);
const titleOf = ({ title }: AlertLine) => title;
const classOf = ({ severity, state }: AlertLine) =>
  `alert-row alert-row-${severity} ${state === 'RESOLVED' ? 'is-over' : ''}`;

function NoAlerts({ filter, onFilter }: Pick<Props, 'filter' | 'onFilter'>) {
  const cleared = { ...readFilter(''), sort: filter.sort, group: filter.group };
  if (writeFilter(filter) !== writeFilter(cleared))
    return (
      <Empty title="No alert matches this filter.">
        <button type="button" className="button" onClick={() => onFilter(cleared)}>
          Clear the filter
        </button>
      </Empty>
    );
  return (
    <Empty title="All quiet: there is no open alert.">
      <TestEventHint />
    </Empty>
  );
}
