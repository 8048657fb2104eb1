import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import type { Incident, IncidentStatus } from '#shared/incident/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';

import { IncidentList } from './list.tsx';
import { Metrics } from './metrics.tsx';
import { useRefresh } from './use-refresh.ts';
import { STATUS_WORDS, STATUSES, UNRESOLVED } from './words.tsx';

/** `/incidents`: alerts of one service that are worked on as one thing. */
export function IncidentListScreen() {
  const { call } = useApp();
  const search = useSearch();
  const [, navigate] = useLocation();
  const chosen = readStatuses(search);
  const [older, setOlder] = useState<{ key: string; items: Incident[]; cursor?: string }>();
  const key = chosen.join();
  const list = useResource(`incidents ${key}`, () =>
    call('incidents.list', { status: chosen, limit: 100 }),
  );
  useRefresh(list.reload);
  const more = older?.key === key ? older : undefined;
  const cursor = more ? more.cursor : list.value?.cursor;
  const readOlder = async () => {
    const page = await call('incidents.list', { status: chosen, limit: 100, cursor });
    setOlder({ key, items: [...(more?.items ?? []), ...page.items], ...cursorOf(page) });
  };
  const items = useMemo(
    () => [...(list.value?.items ?? []), ...(more?.items ?? [])],
    [list.value, more],
  );
  const toggle = (status: IncidentStatus) => {
    const next = STATUSES.filter((one) => chosen.includes(one) !== (one === status));
    const query = new URLSearchParams(search);
    query.set('status', next.join());
    if (next.length === 0) query.delete('status');
    navigate(query.size > 0 ? `/incidents?${query}` : '/incidents', { replace: true });
  };
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Incidents</h1>
      </div>
      <Metrics />
      <search className="filter-bar">
        <div className="chips" role="group" aria-label="Status">
          {STATUSES.map((status) => (
            <button
              key={status}
              type="button"
              className="chip"
              aria-pressed={chosen.includes(status)}
              onClick={() => toggle(status)}
            >
              {STATUS_WORDS[status]}
            </button>
          ))}
        </div>
      </search>
      {!list.value && list.error && (
        <Failed what="Incidents" message={list.error.message} retry={list.reload} />
      )}
      {!list.value && !list.error && <Loading what="incidents" />}
      {list.value && <IncidentList items={items} selectedBy={key} />}
      {cursor !== undefined && (
        <div className="table-foot">
          <button type="button" className="button" onClick={() => void readOlder()}>
            Show older
          </button>
        </div>
      )}
    </main>
  );
}

function cursorOf({ cursor }: { cursor?: string | undefined }) {
  return cursor === undefined ? {} : { cursor };
}

/** The statuses the address names; without any, all that are not closed. */
function readStatuses(search: string): IncidentStatus[] {
  const named = new URLSearchParams(search).get('status')?.split(',') ?? [];
  const known = STATUSES.filter((status) => named.includes(status));
  return known.length > 0 ? known : UNRESOLVED;
}
