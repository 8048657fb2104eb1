import { Link } from 'wouter';

import type { OperationResult } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useRefresh } from '#dashboard/incident/use-refresh.ts';
import { StatusBadge } from '#dashboard/incident/words.tsx';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityShape, severityWord } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { Empty, Failed, Loading } from '#dashboard/shell/notice.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { OverviewPanel } from './panel.tsx';
import { useOverviewView } from './view.ts';

type Line = OperationResult<'incidents.recent'>['items'][number];

/** What happened last, across incidents. */
export function TimelinePanel() {
  const { call } = useApp();
  const { focus } = useOverviewView();
  const limit = focus === 'timeline' ? 100 : 30;
  const { value, error, reload } = useResource(`recent ${limit}`, () =>
    call('incidents.recent', { limit }),
  );
  useRefresh(reload);
  return (
    <OverviewPanel
      name="timeline"
      title="Incident timeline"
      help={
        <p>
          What moved the newest incidents: opened, joined by alerts, escalated, assigned, closed;
          newest first. The name of an incident leads to its whole history with all its alerts.
        </p>
      }
      note={
        <Link href="/incidents" className="tile-link">
          All incidents
        </Link>
      }
    >
      {value ? (
        <>
          {error && <p className="tile-stale">Not up to date: {error.message}</p>}
          <Lines items={value.items} />
        </>
      ) : error ? (
        <Failed what="The timeline" message={error.message} retry={reload} />
      ) : (
        <Loading what="the timeline" />
      )}
    </OverviewPanel>
  );
}

function Lines({ items }: { items: readonly Line[] }) {
  if (items.length === 0)
    return (
      <Empty title="No incident yet.">
        <p>An alert of severity error or critical makes one.</p>
      </Empty>
    );
  return (
    <div className="tile-scroll" tabIndex={0} role="region" aria-label="Entries, newest first">
      <ol className="recent">
        {items.map(({ timeline_id, timestamp, actor, entry, incident }) => (
          <li key={timeline_id} className={`recent-line recent-${incident.severity}`}>
            <span className="recent-when">
              <When at={timestamp} />
            </span>
            <div className="recent-body">
              <p>
                <bdi>{entry}</bdi>
              </p>
              <p className="recent-about">
                <span className="recent-incident">
                  <span
                    className={`severity severity-${incident.severity}`}
                    title={severityWord(incident.severity)}
                  >
                    <SeverityShape severity={incident.severity} />
                    <span className="hidden">{severityWord(incident.severity)}</span>
                  </span>
                  <Link href={`/incidents/${incident.incident_id}`} title={incident.title}>
                    <bdi>{incident.title}</bdi>
                  </Link>
                </span>
                <bdi className="muted">{incident.service}</bdi>
                <StatusBadge status={incident.status} />
                <bdi className="muted">{actorName(actor)}</bdi>
              </p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
