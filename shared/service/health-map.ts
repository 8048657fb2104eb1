import { requireScope } from '#shared/access/scope.ts';
import { countActive } from '#shared/alert/summary.ts';
import type { Context } from '#shared/kernel/context.ts';
import { maxSeverity, type Severity } from '#shared/kernel/severity.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { Service } from './schema.ts';

/** One service of the map with its active alerts. */
export interface ServiceHealth {
  service: string;
  description: string;
  owner?: string;
  depends_on: string[];
  /** False for one that only alerts or other services name. */
  described: boolean;
  /** The gravest of its active alerts, null without any. */
  severity: Severity | null;
  open: number;
  acknowledged: number;
}

/** The topology with how each service fares, by name; `truncated` when not every alert was counted. */
export interface HealthMap {
  at: string;
  services: ServiceHealth[];
  truncated: boolean;
}

/** Every service that is described, depended on, or has an active alert. Needs sentry.read. */
export async function healthMap(
  ports: { work: WorkStore; services: DocumentStore<Service> },
  context: Context,
): Promise<HealthMap> {
  requireScope(context, 'sentry.read');
  const [described, { cells, truncated }] = await Promise.all([
    ports.services.list(context.tenant),
    countActive(ports, context.tenant),
  ]);
  const map = new Map<string, ServiceHealth>();
  for (const { service, description, owner, depends_on } of described)
    map.set(service, {
      ...unknownService(service),
      description,
      ...(owner !== undefined && { owner }),
      depends_on,
      described: true,
    });
  for (const { depends_on } of described)
    for (const name of depends_on) if (!map.has(name)) map.set(name, unknownService(name));
  for (const { service, severity, open, acknowledged } of cells) {
    const held = map.get(service) ?? unknownService(service);
    map.set(service, {
      ...held,
      severity: held.severity === null ? severity : maxSeverity(held.severity, severity),
      open: held.open + open,
      acknowledged: held.acknowledged + acknowledged,
    });
  }
  const services = [...map.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
  return { at: new Date(context.now()).toISOString(), services, truncated };
}

function unknownService(service: string): ServiceHealth {
  return {
    service,
    description: '',
    depends_on: [],
    described: false,
    severity: null,
    open: 0,
    acknowledged: 0,
  };
}
