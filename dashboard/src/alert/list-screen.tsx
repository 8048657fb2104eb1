import { useCallback, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { HelpDialog } from '#dashboard/shell/help.tsx';

import { AcknowledgeAll } from './acknowledge-all.tsx';
import { isDue } from './act.ts';
import { FilterBar } from './filter-bar.tsx';
import { type ListFilter, matches, readFilter, writeFilter } from './filter.ts';
import { AlertTable } from './table.tsx';
import { useAlertCounts } from './use-alert.ts';
import { useHold } from './use-hold.ts';
import { useKeys } from './use-keys.ts';
import { useSelectedIds } from './use-selected-ids.ts';

/** `/alerts`: the alerts that want somebody. */
export function AlertListScreen() {
  const { alerts, actions } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const counts = useAlertCounts();
  const selected = useSelectedIds(filter);
  const hold = useHold(writeFilter(filter), selected);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const searchRef = useRef<HTMLInputElement>(null);
  const helpRef = useRef<HTMLDialogElement>(null);

  const setFilter = useCallback(
    (next: ListFilter) => {
      const query = writeFilter(next);
      navigate(query ? `/alerts?${query}` : '/alerts', { replace: true });
    },
    [navigate],
  );
  const choose = useCallback((alertId: string) => {
    setChosen((held) => {
      const next = new Set(held);
      if (!next.delete(alertId)) next.add(alertId);
      return next;
    });
  }, []);
  const chooseAll = (areAll: boolean) => setChosen(areAll ? new Set(hold.shown) : new Set());

  useKeys({
    onAction: (action, alertId) => {
      const alert = alerts.get(alertId);
      if (isAllowed && alert && isDue(action, alert.state)) void actions.run(action, alertId);
    },
    onChoose: choose,
    onSearch: () => searchRef.current?.focus(),
    onHelp: () => helpRef.current?.showModal(),
    onShowNew: hold.release,
  });

  const chosenIds = hold.shown.filter((id) => chosen.has(id));
  const runChosen = (action: 'ack' | 'resolve') => {
    const due = chosenIds.filter((id) => isDue(action, alerts.get(id)?.state ?? 'RESOLVED'));
    setChosen(new Set());
    if (due.length > 0) void actions.runAll(action, due);
  };
  const all = alerts.all();
  const openCount = all.filter((one) => matches(one, { ...filter, states: ['OPEN'] })).length;
  const services = [...new Set([...all.map(({ service }) => service), ...filter.services])].sort();

  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Alerts</h1>
        <div className="screen-actions">
          {chosenIds.length > 0 && (
            <>
              <span className="muted">{chosenIds.length} selected</span>
              <button
                type="button"
                className="button"
                disabled={!isAllowed}
                title={title}
                onClick={() => runChosen('ack')}
              >
                Acknowledge selected
              </button>
              <button
                type="button"
                className="button"
                disabled={!isAllowed}
                title={title}
                onClick={() => runChosen('resolve')}
              >
                Resolve selected
              </button>
            </>
          )}
          <AcknowledgeAll filter={filter} count={openCount} />
          <button
            type="button"
            className="button button-quiet only-wide"
            onClick={() => helpRef.current?.showModal()}
          >
            Keys <kbd>?</kbd>
          </button>
        </div>
      </div>
      <FilterBar
        filter={filter}
        onChange={setFilter}
        counts={counts}
        services={services}
        searchRef={searchRef}
      />
      <AlertTable
        filter={filter}
        onFilter={setFilter}
        hold={hold}
        chosen={chosen}
        onChoose={choose}
        onChooseAll={chooseAll}
      />
      <HelpDialog dialogRef={helpRef} />
    </main>
  );
}
