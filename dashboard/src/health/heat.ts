import { compareSeverity, maxSeverity, type Severity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

/** A service of the topology, as `health.map` lists it. */
export interface TopologyService {
  service: string;
  description: string;
  owner?: string | undefined;
  depends_on: readonly string[];
  described: boolean;
}

/** How a service fares now. */
export interface ServiceHeat extends TopologyService {
  /** The gravest of its active alerts. */
  severity: Severity | undefined;
  open: number;
  acknowledged: number;
  /** What it depends on, directly or through others, that has an error or worse. */
  impairedBy: readonly string[];
}

/**
 * The topology with the heat of the alerts that the page holds: the same rows as the list of alerts.
 * Services that only alerts name stand beside the topology.
 */
export function heatOf(
  topology: readonly TopologyService[],
  alerts: readonly AlertLine[],
): ServiceHeat[] {
  const counts = new Map<string, { severity: Severity; open: number; acknowledged: number }>();
  for (const { service, severity, state } of alerts) {
    if (state === 'RESOLVED') continue;
    const held = counts.get(service) ?? { severity, open: 0, acknowledged: 0 };
    counts.set(service, {
      severity: maxSeverity(held.severity, severity),
      open: held.open + (state === 'OPEN' ? 1 : 0),
      acknowledged: held.acknowledged + (state === 'ACK' ? 1 : 0),
    });
  }
  const known = new Map(topology.map((service) => [service.service, service]));
  const strangers = [...counts.keys()]
    .filter((name) => !known.has(name))
    .map((service) => ({ service, description: '', depends_on: [], described: false }));
  const isGrave = (name: string) => {
    const severity = counts.get(name)?.severity;
    return severity !== undefined && compareSeverity(severity, 'ERROR') >= 0;
  };
  return [...topology, ...strangers].map((service) => {
    const count = counts.get(service.service);
    return {
      ...service,
      severity: count?.severity,
      open: count?.open ?? 0,
      acknowledged: count?.acknowledged ?? 0,
      impairedBy: reachable(service.service, known).filter(isGrave),
    };
  });
}

/** Everything a service depends on, nearest first, without itself; circles end. */
function reachable(name: string, known: ReadonlyMap<string, TopologyService>): string[] {
  const found: string[] = [];
  const seen = new Set([name]);
  const queue = [...(known.get(name)?.depends_on ?? [])];
  for (const next of queue) {
    if (seen.has(next)) continue;
    seen.add(next);
    found.push(next);
    queue.push(...(known.get(next)?.depends_on ?? []));
  }
  return found;
}

/** How a service fares, in words. */
export function heatWords({ severity, open, acknowledged, impairedBy }: ServiceHeat): string {
  if (severity !== undefined) {
    const counts = [
      ...(open > 0 ? [`${open} open`] : []),
      ...(acknowledged > 0 ? [`${acknowledged} ack`] : []),
    ];
    return counts.join(', ');
  }
  return impairedBy.length > 0 ? `needs ${impairedBy[0]!}` : 'quiet';
}
