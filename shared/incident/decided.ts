import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';

import { announceIncident, type IncidentHappening } from './announce.ts';
import { joined } from './close.ts';
import type { Incident, IncidentPointer } from './schema.ts';

/** What a reducer of an alert decided to write. */
export interface Decided {
  commit: Commit;
  alert: Alert;
}

/** What stands of incidents around an alert. */
export interface IncidentRows {
  /** The incident the alert is of, or was before it came back. */
  own?: Incident | undefined;
  /** That of the alert's service, and the incident it names. */
  pointer?: IncidentPointer | undefined;
  current?: Incident | undefined;
  /** Those of services next to the alert's, the likeliest first; read only where neither of the above can be joined. */
  neighbours?: readonly Incident[];
  /** Unresolved escalation alerts of `own`; only when it is about to close. */
  escalations?: readonly AlertRows[];
}

export interface Acts extends Acting, Clock {
  /** Rows that the caller adds to the commit. */
  reserved?: number;
}

/** The decision with the next revision of an incident and what is told of it. */
export function withIncident<Kind extends Decided>(
  decided: Kind,
  former: Incident,
  incident: Incident,
  happenings: readonly IncidentHappening[],
  acting: Acting,
): Kind {
  const changes: Change[] = [{ kind: 'incident', row: incident, expected: former.revision }];
  const said = announceIncident(incident, happenings, acting);
  return { ...decided, commit: joined(decided.commit, { changes, ...said }) };
}

/** The decision about an alert that is now of an incident. */
export function inside<Kind extends Decided>(decided: Kind, { incident_id }: Incident): Kind {
  return withAlertRow(decided, { ...decided.alert, incident_id });
}

/** The decision about an alert that is of none. */
export function outside<Kind extends Decided>(decided: Kind): Kind {
  const { incident_id, ...alert } = decided.alert;
  return incident_id === undefined ? decided : withAlertRow(decided, alert);
}

/** The commit with another version of its alert wherever that stands. */
function withAlertRow<Kind extends Decided>(decided: Kind, alert: Alert): Kind {
  const { commit } = decided;
  return {
    ...decided,
    alert,
    commit: {
      ...commit,
      changes: commit.changes.map((change) =>
        (change.kind === 'alert' || change.kind === 'touch') &&
        change.row.alert_id === alert.alert_id
          ? { ...change, row: alert }
          : change,
      ),
      outbox: commit.outbox.map((row) => ({
        ...row,
        envelope: { ...row.envelope, payload: { ...row.envelope.payload, alert } },
      })),
    },
  };
}
