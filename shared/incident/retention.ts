import type { Incident, IncidentPointer } from './schema.ts';

/** A closed incident, and a service's pointer to its newest, are kept this long. */
const KEPT_MS = 90 * 86_400_000;

const after = (rfc3339: string) => {
  const at = Date.parse(rfc3339) + KEPT_MS;
  return new Date(at - (at % 1000)).toISOString();
};

/** When an incident goes, in RFC 3339 and whole seconds; undefined until it is CLOSED. */
export function incidentExpiry({ status, closed_at }: Incident): string | undefined {
  return status === 'CLOSED' && closed_at !== undefined ? after(closed_at) : undefined;
}

/** When a pointer goes; without it the next alert of the service makes an incident of its own. */
export function incidentPointerExpiry({ opened_at }: IncidentPointer): string {
  return after(opened_at);
}
