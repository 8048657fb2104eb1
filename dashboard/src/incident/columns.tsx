import { Link } from 'wouter';

import type { Incident } from '#shared/incident/schema.ts';
import { compareSeverity } from '#shared/kernel/severity.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { byText, type Column } from '#dashboard/shell/table/column.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { StatusBadge, STATUSES } from './words.tsx';

/** The columns of the list of incidents. */
export const INCIDENT_COLUMNS: readonly Column<Incident>[] = [
  {
    key: 'severity',
    name: 'Severity',
    width: '6.75rem',
    compare: (a, b) => compareSeverity(a.severity, b.severity),
    first: 'descending',
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    key: 'title',
    name: 'Incident',
    width: 'minmax(13rem, 1fr)',
    compare: (a, b) => byText(a.title, b.title),
    card: 'line',
    cell: ({ incident_id, title }) => (
      <Link href={`/incidents/${incident_id}`} className="alert-title">
        <bdi>{title}</bdi>
      </Link>
    ),
  },
  {
    key: 'service',
    name: 'Service',
    width: 'minmax(5rem, 8rem)',
    compare: (a, b) => byText(a.service, b.service),
    cell: ({ service }) => <bdi>{service}</bdi>,
  },
  {
    key: 'status',
    name: 'Status',
    width: 'minmax(6.5rem, 8rem)',
    compare: (a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status),
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    key: 'level',
    name: 'Level',
    width: '4.25rem',
    compare: (a, b) => a.escalation_level - b.escalation_level,
    first: 'descending',
    card: 'label',
    cell: ({ escalation_level }) => escalation_level,
  },
  {
    key: 'alerts',
    name: 'Alerts',
    width: 'minmax(5.5rem, 7.5rem)',
    compare: (a, b) => a.open_count - b.open_count,
    first: 'descending',
    cell: ({ open_count, alert_count }) => (
      <>
        {open_count} of {alert_count}
        <span className="narrow-label"> alerts</span> <span className="muted">open</span>
      </>
    ),
  },
  {
    key: 'owner',
    name: 'Assigned',
    width: 'minmax(4.5rem, 7rem)',
    compare: (a, b) => byText(a.assigned_to ?? '', b.assigned_to ?? ''),
    className: 'cell-owner',
    cell: ({ assigned_to }) =>
      assigned_to === undefined ? (
        <span className="muted">—</span>
      ) : (
        <>
          <span className="narrow-label">Assigned: </span>
          <bdi title={assigned_to}>{actorName(assigned_to)}</bdi>
        </>
      ),
  },
  {
    key: 'age',
    name: 'Age',
    width: 'minmax(4.5rem, 6.5rem)',
    compare: (a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at),
    isEnd: true,
    cell: ({ opened_at }) => <Age since={opened_at} />,
  },
];
