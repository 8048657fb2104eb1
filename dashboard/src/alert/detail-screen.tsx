import { useEffect, useRef } from 'react';

import type { Alert } from '#shared/alert/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityBadge, StateBadge } from '#dashboard/shell/badge.tsx';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { AlertControls } from './controls.tsx';
import { Deliveries } from './deliveries.tsx';
import { EvidencePanel } from './evidence.tsx';
import { ExplainPanel } from './explain.tsx';
import { FactsPanel } from './facts.tsx';
import { NextStep } from './next-step.tsx';
import { Suppressions } from './suppressions.tsx';
import { Timeline } from './timeline.tsx';
import { useAlertKeys } from './use-alert-keys.ts';
import { useAlert } from './use-alert.ts';
import { WhyPanel } from './why.tsx';

/** `/alerts/:id`: one alert, why it fired, who was told and who did what. */
export function AlertDetailScreen({ id: alertId }: { id: string }) {
  const { call, live, alerts } = useApp();
  const detail = useResource(`alert ${alertId}`, async () => {
    const whole = await call('alerts.get', { alert_id: alertId });
    // The whole may be newer than the last push: the line must not contradict it.
    const { evidence: _evidence, explain: _explain, ...rest } = whole;
    alerts.merge([rest]);
    return whole;
  });
  const deliveries = useResource(`deliveries ${alertId}`, () =>
    call('alerts.deliveries', { alert_id: alertId }),
  );
  const timeline = useResource(`timeline ${alertId}`, () =>
    call('incidents.timeline', { alert: alertId, limit: 100 }),
  );
  const line = useAlert(alertId);
  const reloadHistory = timeline.reload;
  const reloadDeliveries = deliveries.reload;
  const reloadDetail = detail.reload;

  useEffect(() => {
    const reload = () => {
      reloadDeliveries();
      reloadHistory();
    };
    return live.subscribe(
      'deliveries',
      { alert_id: alertId },
      { snapshot: reload, merge: (items) => items.length > 0 && reload() },
    );
  }, [live, alertId, reloadDeliveries, reloadHistory]);
  useOnChange(line?.version, reloadHistory);
  useOnChange(line?.revision, reloadDetail, 1_000);

  useAlertKeys({ alertId });
  if (!detail.value)
    return (
      <DetailFrame back={BACK}>
        <h1 className="hidden">Alert</h1>
        {detail.error?.code === 'not_found' ? (
          <Empty title="There is no such alert.">
            <p>It may be older than 90 days, or belong to another tenant.</p>
          </Empty>
        ) : (
          <Loaded what="The alert" resource={detail}>
            {() => null}
          </Loaded>
        )}
      </DetailFrame>
    );
  // The line is at least as new (and optimistic); evidence and explanation come with the whole.
  const shown = line ?? alerts.get(alertId);
  const alert: Alert = { ...detail.value, ...shown, title: detail.value.title };
  return (
    <Detail
      back={BACK}
      title={alert.title}
      badges={
        <>
          <SeverityBadge severity={alert.severity} />
          <StateBadge state={alert.state} />
          <NextStep alert={alert} />
          <Suppressions alert={alert} />
        </>
      }
      actions={<AlertControls alert={alert} />}
      side={
        <>
          <FactsPanel alert={alert} />
          <Deliveries deliveries={deliveries} />
        </>
      }
    >
      <ExplainPanel alert={alert} />
      <EvidencePanel alert={alert} />
      <WhyPanel alertId={alertId} version={alert.version} />
      <Timeline timeline={timeline} />
    </Detail>
  );
}

const BACK = { href: '/alerts', name: 'All alerts' };

/** Calls `then` when `value` changes after the first render, at most once per `everyMs`. */
function useOnChange(value: number | undefined, then: () => void, everyMs = 0): void {
  const last = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (last.current === value) return;
    const isFirst = last.current === undefined;
    last.current = value;
    if (isFirst) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      then();
    }, everyMs);
  }, [value, then, everyMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
