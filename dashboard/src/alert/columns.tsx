import { Link } from 'wouter';

import type { AlertLine } from '#shared/live/schema.ts';

import { SeverityBadge, StateBadge } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import type { Column } from '#dashboard/shell/table/column.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { NextStep } from './next-step.tsx';
import { ORDERS, ownerOf } from './order.ts';
import { RowActions } from './row-actions.tsx';
import { Suppressions } from './suppressions.tsx';

/** Letters of an alert's id that lists show. */
const SHORT = 8;

/** The columns of the list of alerts. */
export const ALERT_COLUMNS: readonly Column<AlertLine>[] = [
  {
    key: 'severity',
    name: 'Severity',
    width: '6.5rem',
    compare: ORDERS.severity,
    first: 'descending',
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    key: 'title',
    name: 'Alert',
    width: 'minmax(13rem, 1fr)',
    compare: ORDERS.title,
    card: 'line',
    cell: (alert) => (
      <>
        <Link href={`/alerts/${alert.alert_id}`} className="alert-title">
          <bdi>{alert.title}</bdi>
        </Link>
        <span className="alert-notes">
          <span className="alert-id" title={alert.alert_id}>
            {alert.alert_id.slice(0, SHORT)}
          </span>
          <Suppressions alert={alert} />
        </span>
      </>
    ),
  },
  {
    key: 'service',
    name: 'Service',
    width: 'minmax(4.5rem, 7rem)',
    compare: ORDERS.service,
    cell: ({ service }) => <bdi>{service}</bdi>,
  },
  {
    key: 'state',
    name: 'Status',
    width: 'minmax(6.5rem, 9rem)',
    compare: ORDERS.state,
    cell: (alert) => (
      <>
        <StateBadge state={alert.state} />
        <NextStep alert={alert} />
      </>
    ),
  },
  {
    key: 'owner',
    name: 'Assigned',
    width: 'minmax(4.5rem, 6rem)',
    compare: ORDERS.owner,
    className: 'cell-owner',
    cell: (alert) => <Owner alert={alert} />,
  },
  {
    key: 'count',
    name: 'Events',
    width: '4.25rem',
    compare: ORDERS.count,
    first: 'descending',
    isEnd: true,
    cell: ({ count, count_approximate }) => (
      <>
        {count_approximate ? '≈ ' : ''}
        {count.toLocaleString('en')}
        <span className="narrow-label">{count === 1 ? ' event' : ' events'}</span>
      </>
    ),
  },
  {
    key: 'age',
    name: 'Age',
    width: 'minmax(4.25rem, 5.5rem)',
    compare: ORDERS.age,
    isEnd: true,
    cell: ({ created_at }) => <Age since={created_at} />,
  },
  {
    key: 'actions',
    name: 'Actions',
    width: '11rem',
    isNameHidden: true,
    isEnd: true,
    card: 'line',
    className: 'cell-actions',
    cell: (alert) => <RowActions alert={alert} />,
  },
];

function Owner({ alert }: { alert: AlertLine }) {
  const who = ownerOf(alert);
  if (!who) return <span className="muted">—</span>;
  return (
    <>
      <span className="narrow-label">Assigned: </span>
      <bdi title={who}>{actorName(who)}</bdi>
    </>
  );
}
