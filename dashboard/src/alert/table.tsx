import { useState, useSyncExternalStore } from 'react';

import { useApp, useLiveStatus } from '#dashboard/shell/app-context.ts';
import { isOld } from '#dashboard/live/status.ts';
import { Empty, Loading, TestEventHint } from '#dashboard/shell/notice.tsx';

import { type ListFilter, writeFilter } from './filter.ts';
import { AlertRow } from './row.tsx';
import type { useHold } from './use-hold.ts';

interface Props {
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
  hold: ReturnType<typeof useHold>;
  chosen: ReadonlySet<string>;
  onChoose: (alertId: string) => void;
  onChooseAll: (areAll: boolean) => void;
}

const ROWS_STEP = 200;

/** The list itself; cards on a narrow page. */
export function AlertTable({ filter, onFilter, hold, chosen, onChoose, onChooseAll }: Props) {
  const { alerts } = useApp();
  const isLoaded = useSyncExternalStore(alerts.subscribe, alerts.isLoaded);
  const isTruncated = useSyncExternalStore(alerts.subscribe, alerts.isTruncated);
  const status = useLiveStatus();
  const [limit, setLimit] = useState(ROWS_STEP);
  const { shown, fresh } = hold;
  if (!isLoaded) return <Loading what="alerts" />;
  const visible = shown.slice(0, limit);
  const areAllChosen = shown.length > 0 && shown.every((id) => chosen.has(id));
  const sortBy = (sort: ListFilter['sort']) => onFilter({ ...filter, sort });
  return (
    <div className={`table-frame ${isOld(status) ? 'is-old' : ''}`} {...hold.area}>
      {fresh.length > 0 && (
        <button type="button" className="pill" onClick={hold.release}>
          {fresh.length} new ↑
        </button>
      )}
      {shown.length === 0 ? (
        <NoAlerts filter={filter} onFilter={onFilter} />
      ) : (
        <table role="table" className="table alert-table">
          <caption className="hidden">Alerts</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" className="cell-choose">
                <input
                  type="checkbox"
                  aria-label="Select all"
                  checked={areAllChosen}
                  onChange={() => onChooseAll(!areAllChosen)}
                />
              </th>
              <th
                role="columnheader"
                scope="col"
                aria-sort={filter.sort === 'severity' ? 'descending' : undefined}
              >
                <SortButton
                  mark={filter.sort === 'severity' ? ' ↓' : ''}
                  onClick={() => sortBy('severity')}
                >
                  Severity
                </SortButton>
              </th>
              <th role="columnheader" scope="col">
                Alert
              </th>
              <th role="columnheader" scope="col">
                Service
              </th>
              <th role="columnheader" scope="col">
                State
              </th>
              <th role="columnheader" scope="col">
                Owner
              </th>
              <th role="columnheader" scope="col" className="cell-count">
                Events
              </th>
              <th
                role="columnheader"
                scope="col"
                className="cell-age"
                aria-sort={filter.sort === 'newest' ? 'ascending' : undefined}
              >
                <SortButton
                  mark={filter.sort === 'newest' ? ' ↑' : ''}
                  onClick={() => sortBy('newest')}
                >
                  Age
                </SortButton>
              </th>
              <th role="columnheader" scope="col" className="cell-actions">
                <span className="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {visible.map((id) => (
              <AlertRow key={id} alertId={id} isChosen={chosen.has(id)} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      )}
      <div className="table-foot">
        {shown.length > visible.length && (
          <button type="button" className="button" onClick={() => setLimit(limit + ROWS_STEP)}>
            Show {Math.min(ROWS_STEP, shown.length - visible.length)} more of {shown.length}
          </button>
        )}
        {isTruncated && filter.states.includes('RESOLVED') && (
          <p className="muted">Only the newest resolved alerts are listed here.</p>
        )}
      </div>
    </div>
  );
}

function SortButton(props: { mark: string; onClick: () => void; children: string }) {
  return (
    <button type="button" className="sort" onClick={props.onClick}>
      {props.children}
      <span aria-hidden="true">{props.mark}</span>
    </button>
  );
}

function NoAlerts({ filter, onFilter }: Pick<Props, 'filter' | 'onFilter'>) {
  const cleared = readCleared(filter);
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

function readCleared(filter: ListFilter): ListFilter {
  return { states: ['OPEN', 'ACK'], severities: [], services: [], q: '', sort: filter.sort };
}
