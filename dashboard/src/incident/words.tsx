import type { IncidentStatus } from '#shared/incident/schema.ts';

export const STATUS_WORDS: Readonly<Record<IncidentStatus, string>> = {
  OPEN: 'Open',
  ESCALATED: 'Escalated',
  ANALYZING: 'Analyzing',
  MITIGATING: 'Mitigating',
  CLOSED: 'Closed',
};

/** In the order of an incident's life. */
export const STATUSES = Object.keys(STATUS_WORDS) as IncidentStatus[];
export const UNRESOLVED = STATUSES.filter((status) => status !== 'CLOSED');

/** Where an incident stands: colour and word. */
export function StatusBadge({ status }: { status: IncidentStatus }) {
  return <span className={`state status-${status}`}>{STATUS_WORDS[status]}</span>;
}
