import { useMemo, useSyncExternalStore } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { heatOf, type ServiceHeat } from '#dashboard/health/heat.ts';
import { HealthMap } from '#dashboard/health/map.tsx';
import { HealthTable } from '#dashboard/health/table.tsx';
import { useLayout } from '#dashboard/health/use-layout.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Empty, Loading } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { listPath } from './list-path.ts';
import { OverviewPanel } from './panel.tsx';
import { useTable } from './use-table.tsx';
import { useReloadEvery } from './use-reload-every.ts';
import { useOverviewView } from './view.ts';

/** The topology itself hardly ever changes; the heat on it is live. */
const TOPOLOGY_MS = 60_000;
const hrefOf = (service: string) => listPath({ service });

/** How every service fares, over what depends on what. */
export function HealthPanel() {
  const { call } = useApp();
  const map = useResource('health.map', () => call('health.map', {}));
  useReloadEvery(map.reload, TOPOLOGY_MS);
  const { focus } = useOverviewView();
  const { isTable, toggle } = useTable('Services');
  return (
    <OverviewPanel
      name="health"
      title="Service health map"
      help={
        <>
          <p>
            Lines go from a service down to what it depends on. The colour, shape and word are those
            of its gravest open or acknowledged alert; a box leads to its alerts.
          </p>
          <p>
            A broken ring marks a quiet service that needs one in trouble. Services are described
            with <code>POST /v1/services</code>; others appear with their first alert.
          </p>
        </>
      }
      tools={focus !== 'health' && toggle}
    >
      <Loaded what="The health map" resource={map}>
        {({ services }) => <Heat topology={services} isTable={isTable} />}
      </Loaded>
    </OverviewPanel>
  );
}

type Topology = OperationResult<'health.map'>['services'];

function Heat({ topology, isTable }: { topology: Topology; isTable: boolean }) {
  const { alerts } = useApp();
  const { focus } = useOverviewView();
  const all = useSyncExternalStore(alerts.subscribe, alerts.all);
  const services = useMemo(() => heatOf(topology, all), [topology, all]);
  if (services.length === 0)
    return (
      <Empty title="No service is known yet.">
        <p>One appears with its first alert, or once somebody describes it.</p>
      </Empty>
    );
  const isWide = focus === 'health';
  return (
    <div className={`health ${isWide ? 'health-both' : ''}`}>
      {(!isTable || isWide) && <Drawing services={services} />}
      {(isTable || isWide) && <HealthTable services={services} hrefOf={hrefOf} />}
    </div>
  );
}

function Drawing({ services }: { services: readonly ServiceHeat[] }) {
  const layout = useLayout(services);
  if (layout === undefined) return <Loading what="the map" />;
  if (layout === 'failed')
    return (
      <>
        <p className="muted">The drawing could not be fetched; this is its table.</p>
        <HealthTable services={services} hrefOf={hrefOf} />
      </>
    );
  return (
    <div className="map-frame">
      <HealthMap services={services} layout={layout} hrefOf={hrefOf} />
    </div>
  );
}
