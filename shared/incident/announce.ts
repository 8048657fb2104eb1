import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Acting } from '#shared/alert/announce.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import { announce as announceOutbox } from '#shared/outbox/announce.ts';

import type { Incident } from './schema.ts';

/** What the bus is told of an incident. */
type IncidentEvent =
  | 'incident.opened'
  | 'incident.escalated'
  | 'incident.status_changed'
  | 'incident.assigned'
  | 'incident.closed'
  | 'incident.reopened';

/** One thing that happened to an incident, as the journal and the bus are told of it. */
export interface IncidentHappening {
  /** Journal action, e.g. `incident.escalate`. */
  action: string;
  /** Envelope type; absent for what only the journal keeps. */
  type?: IncidentEvent;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  reason?: string | undefined;
}

/**
 * Journal entries and outbox rows of one write of an incident. Their ids follow from incident, action
 * and revision. `incident` is how it stands afterwards.
 */
export function announceIncident(
  incident: Incident,
  happenings: readonly IncidentHappening[],
  acting: Acting,
): { journal: JournalEntry[]; outbox: OutboxRow[] } {
  const { tenant, incident_id, updated_at: at } = incident;
  const { actor, correlation_id, ip_address } = acting;
  const revision = String(incident.revision);
  const journal = happenings.map(({ action, before, after, reason }): JournalEntry => ({
    entry_id: digestUuid('journal', incident_id, action, revision),
    tenant,
    subject: { kind: 'incident', id: incident_id },
    action,
    actor,
    at,
    ...(before && { before }),
    ...(after && { after }),
    ...(reason !== undefined && { reason }),
    correlation_id,
    ...(ip_address !== undefined && { ip_address }),
    security_level: 'internal',
  }));
  const outbox = happenings.flatMap(({ type }) =>
    type === undefined
      ? []
      : [
          announceOutbox({
            tenant,
            type,
            source: 'sentry.incident',
            payload: { tenant, incident },
            correlation_id,
            at: Date.parse(at),
            identity: [incident_id, type, revision],
          }),
        ],
  );
  return { journal, outbox };
}
