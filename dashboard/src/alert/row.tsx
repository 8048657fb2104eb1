import { memo } from 'react';
import { Link } from 'wouter';

import type { AlertLine } from '#shared/live/schema.ts';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { SeverityBadge, StateBadge } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { isDue } from './act.ts';
import { Suppressions } from './suppressions.tsx';
import { useAlert } from './use-alert.ts';

/** Letters of an alert's id that lists show. */
const SHORT = 8;

interface Props {
  alertId: string;
  isChosen: boolean;
  onChoose: (alertId: string) => void;
}

/** One alert of the list. Renders when its alert changes, and at no other time. */
export const AlertRow = memo(function AlertRow({ alertId, isChosen, onChoose }: Props) {
  const alert = useAlert(alertId);
  const { actions } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  if (!alert) return null;
  return (
    <tr
      role="row"
      data-alert-id={alertId}
      className={`alert-row alert-row-${alert.severity} ${isChosen ? 'is-chosen' : ''} ${alert.state === 'RESOLVED' ? 'is-over' : ''}`}
    >
      <td role="cell" className="cell-choose">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={() => onChoose(alertId)}
          aria-label={`Select ${alert.title}`}
        />
      </td>
      <td role="cell" className="cell-severity">
        <SeverityBadge severity={alert.severity} />
      </td>
      <td role="cell" className="cell-title">
        <Link href={`/alerts/${alertId}`} className="alert-title">
          <bdi>{alert.title}</bdi>
        </Link>
        <span className="alert-id">{alertId.slice(0, SHORT)}</span>
        <Suppressions alert={alert} />
      </td>
      <td role="cell" className="cell-service">
        <bdi>{alert.service}</bdi>
      </td>
      <td role="cell" className="cell-state">
        <StateBadge state={alert.state} />
      </td>
      <td role="cell" className="cell-owner">
        <Owner alert={alert} />
      </td>
      <td role="cell" className="cell-count">
        {alert.count_approximate ? '≈ ' : ''}
        {alert.count.toLocaleString('en')}
        <span className="narrow-label">{alert.count === 1 ? ' event' : ' events'}</span>
      </td>
      <td role="cell" className="cell-age">
        <Age since={alert.created_at} />
      </td>
      <td role="cell" className="cell-actions">
        <button
          type="button"
          className="button button-small"
          disabled={!isAllowed || !isDue('ack', alert.state)}
          title={title}
          onClick={() => void actions.run('ack', alertId)}
        >
          Acknowledge<span className="hidden"> {alert.title}</span>
        </button>
        <button
          type="button"
          className="button button-small"
          disabled={!isAllowed || !isDue('resolve', alert.state)}
          title={title}
          onClick={() => void actions.run('resolve', alertId)}
        >
          Resolve<span className="hidden"> {alert.title}</span>
        </button>
      </td>
    </tr>
  );
});

/** Who has the alert: the assignee, else who acknowledged or resolved it. */
function Owner({ alert }: { alert: AlertLine }) {
  const who =
    alert.assigned_to ?? (alert.state === 'RESOLVED' ? alert.resolved_by : alert.acknowledged_by);
  if (!who) return <span className="muted">—</span>;
  return (
    <>
      <span className="narrow-label">Owner: </span>
      <bdi title={who}>{actorName(who)}</bdi>
    </>
  );
}
