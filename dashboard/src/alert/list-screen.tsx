import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';

import { useApp } from '#dashboard/shell/app-context.ts';
import { useHold } from '#dashboard/shell/table/use-hold.ts';
import { useSelection } from '#dashboard/shell/table/use-selection.ts';

import { AcknowledgeAll } from './acknowledge-all.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type ListFilter, readFilter, selectIds, writeFilter } from './filter.ts';
import { AlertList } from './list.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useAlertCounts } from './use-alert.ts';
import { useAlertKeys } from './use-alert-keys.ts';
import { useSelectedIds } from './use-selected-ids.ts';
import { ViewBar } from './view-bar.tsx';

/** `/alerts`: the alerts that want somebody. */
export function AlertListScreen() {
  const { alerts, me } = useApp();
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const query = writeFilter(filter);
  const counts = useAlertCounts();
  const selected = useSelectedIds(filter);
  const selection = useSelection(selected);
  const hold = useHold(query, selected, selection.ids.length > 0);
  const searchRef = useRef<HTMLInputElement>(null);
  const setFilter = useCallback(
    (next: ListFilter) => {
      const written = writeFilter(next);
      navigate(written ? `/alerts?${written}` : '/alerts', { replace: true });
    },
    [navigate],
  );
  useAlertKeys({ onSearch: () => searchRef.current?.focus(), onShowNew: hold.release });

  const all = alerts.all();
  const openIds = selectIds(all, { ...filter, states: ['OPEN'] }, me.actor);
  const services = [...new Set([...all.map(({ service }) => service), ...filter.services])].sort();
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Alerts</h1>
        <ViewBar query={query} />
        <div className="screen-actions">
          <AcknowledgeAll filter={filter} openIds={openIds} />
        </div>
      </div>
      <FilterBar
        filter={filter}
        onChange={setFilter}
        counts={counts}
        services={services}
        searchRef={searchRef}
      />
      <SelectionBar selection={selection} />
      <AlertList filter={filter} onFilter={setFilter} hold={hold} selection={selection} />
    </main>
  );
}
