import { type ReactNode, useCallback } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { IncidentAlerts } from './alerts.tsx';
import { IncidentControls } from './controls.tsx';
import { secondsWords } from './metrics.tsx';
import { IncidentTimeline } from './timeline.tsx';
import { useRefresh } from './use-refresh.ts';
import { StatusBadge } from './words.tsx';

/** `/incidents/:id`: one incident, its alerts, and who did what. */
export function IncidentDetailScreen({ id: incidentId }: { id: string }) {
  const { call } = useApp();
  const detail = useResource(`incident ${incidentId}`, () =>
    call('incidents.get', { incident_id: incidentId }),
  );
  const timeline = useResource(`incident timeline ${incidentId}`, () =>
    call('incidents.timeline', { incident: incidentId, limit: 100 }),
  );
  const { reload: reloadDetail } = detail;
  const { reload: reloadTimeline } = timeline;
  const reload = useCallback(() => {
    reloadDetail();
    reloadTimeline();
  }, [reloadDetail, reloadTimeline]);
  useRefresh(reload);
  const incident = detail.value;
  if (!incident)
    return (
      <DetailFrame back={BACK}>
        <h1 className="hidden">Incident</h1>
        {detail.error?.code === 'not_found' ? (
          <Empty title="There is no such incident.">
            <p>It may be closed since more than 90 days, or belong to another tenant.</p>
          </Empty>
        ) : (
          <Loaded what="The incident" resource={detail}>
            {() => null}
          </Loaded>
        )}
      </DetailFrame>
    );
  return (
    <Detail
      back={BACK}
      title={incident.title}
      badges={
        <>
          <SeverityBadge severity={incident.severity} />
          <StatusBadge status={incident.status} />
        </>
      }
      actions={<IncidentControls incident={incident} onChanged={reload} />}
      side={
        <>
          <Facts incident={incident} />
          <IncidentAlerts title="Escalation alerts" ids={incident.escalation_ids} />
        </>
      }
    >
      <IncidentAlerts title="Alerts" ids={incident.alert_ids} />
      <IncidentTimeline title={incident.title} timeline={timeline} />
    </Detail>
  );
}

const BACK = { href: '/incidents', name: 'All incidents' };

function Facts({ incident }: { incident: OperationResult<'incidents.get'> }) {
  const when = (at: string | undefined) => at && <When at={at} />;
  const facts: [name: string, value: ReactNode][] = [
    ['Service', <bdi key="s">{incident.service}</bdi>],
    ['Alerts', `${incident.open_count} of ${incident.alert_count} not resolved`],
    ['Escalation', `level ${incident.escalation_level}`],
    ['Assigned to', incident.assigned_to && <bdi>{incident.assigned_to}</bdi>],
    ['Opened', when(incident.opened_at)],
    ['Opened by', <bdi key="b">{incident.opened_by}</bdi>],
    ['Last alert', when(incident.last_alert_at)],
    ['Opened again', when(incident.reopened_at)],
    ['Acknowledged after', secondsWords(incident.seconds_to_acknowledge)],
    ['Resolved after', secondsWords(incident.seconds_to_resolve)],
    ['Closed by', incident.closed_by && <bdi>{incident.closed_by}</bdi>],
    ['Incident id', <code key="i">{incident.incident_id}</code>],
  ];
  return (
    <section className="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={`${name} value`}>{value}</dd>,
          ])}
      </dl>
    </section>
  );
}
