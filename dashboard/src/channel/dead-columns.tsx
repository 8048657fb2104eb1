import { Link } from 'wouter';

import type { Delivery } from '#shared/notification/schema.ts';

import { useAlert } from '#dashboard/alert/use-alert.ts';
import { byText, type Column } from '#dashboard/shell/table/column.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { RedriveOne } from './redrive-one.tsx';

/** The columns of the list of dead deliveries; `onDone` is told of each that was taken up again. */
export function deadColumns(onDone: () => void): readonly Column<Delivery>[] {
  return [
    {
      key: 'alert',
      name: 'Alert',
      width: 'minmax(12rem, 1.2fr)',
      card: 'line',
      cell: ({ alert_id }) => <AlertLink alertId={alert_id} />,
    },
    {
      key: 'channel',
      name: 'Channel',
      width: 'minmax(8rem, 11rem)',
      compare: (a, b) => byText(a.destination, b.destination),
      cell: ({ destination }) => (
        <Link href={`/deliveries/${encodeURIComponent(destination)}`}>
          <bdi>{destination}</bdi>
        </Link>
      ),
    },
    {
      key: 'error',
      name: 'Why',
      width: 'minmax(10rem, 1fr)',
      compare: (a, b) => byText(a.last_error ?? '', b.last_error ?? ''),
      card: 'line',
      className: 'is-bad',
      cell: ({ last_error, attempts }) => (
        <>
          <bdi>{last_error ?? 'no reason given'}</bdi>
          {attempts > 1 && <span className="muted"> after {attempts} attempts</span>}
        </>
      ),
    },
    {
      key: 'since',
      name: 'Given up',
      width: '6.5rem',
      compare: (a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at),
      isEnd: true,
      card: 'label',
      cell: ({ updated_at }) => <Age since={updated_at} />,
    },
    {
      key: 'redrive',
      name: 'Redrive',
      width: '7rem',
      isNameHidden: true,
      cell: (delivery) => <RedriveOne delivery={delivery} onDone={onDone} />,
    },
  ];
}

/** By its title while it stands, else by its id. */
function AlertLink({ alertId }: { alertId: string }) {
  const alert = useAlert(alertId);
  return (
    <Link href={`/alerts/${encodeURIComponent(alertId)}`} className="alert-title">
      <bdi>{alert?.title ?? `Alert ${alertId}`}</bdi>
    </Link>
  );
}
