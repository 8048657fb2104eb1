import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';

import type { Incident, IncidentStatus } from '#shared/incident/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { Empty, Failed, Loading } from '#dashboard/shell/notice.tsx';
import { Age } from '#dashboard/shell/time.tsx';

import { Metrics } from './metrics.tsx';
import { useRefresh } from './use-refresh.ts';
import { STATUS_WORDS, StatusBadge, STATUSES, UNRESOLVED } from './words.tsx';

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
  const items = [...(list.value?.items ?? []), ...(more?.items ?? [])];
  const toggle = (status: IncidentStatus) => {
    const next = STATUSES.filter((one) => chosen.includes(one) !== (one === status));
    navigate(next.length === 0 ? '/incidents' : `/incidents?status=${next.join()}`, {
      replace: true,
    });
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
      {list.value && items.length === 0 && (
        <Empty title="No incident has this status.">
          <p>An alert of severity error or critical makes one.</p>
        </Empty>
      )}
      {items.length > 0 && <IncidentTable items={items} />}
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

function IncidentTable({ items }: { items: readonly Incident[] }) {
  return (
    <div className="table-frame table-scroll">
      <table role="table" className="table card-table">
        <caption className="hidden">Incidents</caption>
        <thead role="rowgroup">
          <tr role="row">
            {['Severity', 'Incident', 'Service', 'Status', 'Level', 'Alerts', 'Owner', 'Age'].map(
              (name) => (
                <th key={name} role="columnheader" scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((incident) => (
            <tr role="row" key={incident.incident_id} data-incident-id={incident.incident_id}>
              <td role="cell">
                <SeverityBadge severity={incident.severity} />
              </td>
              <td role="cell" className="cell-text">
                <Link href={`/incidents/${incident.incident_id}`} className="alert-title">
                  <bdi>{incident.title}</bdi>
                </Link>
              </td>
              <td role="cell">
                <bdi>{incident.service}</bdi>
              </td>
              <td role="cell">
                <StatusBadge status={incident.status} />
              </td>
              <td role="cell" className="numeric">
                <span className="narrow-label">Level </span>
                {incident.escalation_level}
              </td>
              <td role="cell" className="numeric">
                {incident.open_count} of {incident.alert_count}
                <span className="narrow-label"> alerts open</span>
                <span className="muted only-wide"> open</span>
              </td>
              <td role="cell">
                <span className="narrow-label">Owner: </span>
                {incident.assigned_to === undefined ? (
                  <span className="muted">—</span>
                ) : (
                  <bdi>{actorName(incident.assigned_to)}</bdi>
                )}
              </td>
              <td role="cell">
                <Age since={incident.opened_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
