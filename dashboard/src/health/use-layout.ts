import { useEffect, useState } from 'react';

import type { TopologyService } from './heat.ts';
import type { MapLayout } from './layout.ts';

/** One layout per topology: heat comes and goes a thousand times, services hardly ever. */
const kept = new Map<string, MapLayout>();
const KEPT_MAX = 8;

/** The layout of a topology; undefined until it is there, `failed` when its code could not be fetched. */
export function useLayout(
  services: readonly Pick<TopologyService, 'service' | 'depends_on'>[],
): MapLayout | 'failed' | undefined {
  const key = JSON.stringify(services.map(({ service, depends_on }) => [service, depends_on]));
  const [state, setState] = useState<{ key: string; layout: MapLayout | 'failed' }>();
  useEffect(() => {
    let isGone = false;
    const show = (layout: MapLayout | 'failed') => {
      if (!isGone) setState({ key, layout });
    };
    const found = kept.get(key);
    if (found) show(found);
    else
      import('./layout.ts')
        .then(({ layOut }) => {
          const topology = (JSON.parse(key) as [string, string[]][]).map(
            ([service, depends_on]) => ({ service, depends_on }),
          );
          const layout = layOut(topology);
          if (kept.size >= KEPT_MAX) kept.clear();
          kept.set(key, layout);
          show(layout);
        })
        .catch(() => show('failed'));
    return () => {
      isGone = true;
    };
  }, [key]);
  return state?.key === key ? state.layout : kept.get(key);
}
