import type { Severity } from '#shared/kernel/severity.ts';

/** The list of alerts with the active ones of a service, a severity, or both. */
export function listPath({ service, severity }: { service?: string; severity?: Severity }): string {
  const query = new URLSearchParams();
  if (severity !== undefined) query.set('severity', severity);
  if (service !== undefined) query.set('service', service);
  return `/alerts?${query}`;
}
