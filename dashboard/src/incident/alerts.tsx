import { Link } from 'wouter';

import { useAlert } from '#dashboard/alert/use-alert.ts';
import { SeverityBadge, StateBadge } from '#dashboard/shell/badge.tsx';

/** Alerts that are listed at once; the rest is counted. */
const SHOWN = 50;

/** The alerts of an incident, newest first, each as it stands now where the list knows it. */
export function IncidentAlerts({ title, ids }: { title: string; ids: readonly string[] }) {
  if (ids.length === 0) return null;
  const id = `${title.toLowerCase().replaceAll(' ', '-')}-title`;
  const shown = ids.toReversed().slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span className="muted">{ids.length}</span>
      </h2>
      <ul className="incident-alerts">
        {shown.map((alertId) => (
          <IncidentAlert key={alertId} alertId={alertId} />
        ))}
      </ul>
      {ids.length > shown.length && (
        <p className="muted">and {ids.length - shown.length} older ones</p>
      )}
    </section>
  );
}

function IncidentAlert({ alertId }: { alertId: string }) {
  const alert = useAlert(alertId);
  return (
    <li>
      <Link href={`/alerts/${alertId}`}>
        <bdi>{alert?.title ?? alertId}</bdi>
      </Link>
      {alert && (
        <span className="incident-alert-state">
          <SeverityBadge severity={alert.severity} />
          <StateBadge state={alert.state} />
        </span>
      )}
    </li>
  );
}
