import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import { commitMove } from '#shared/alert/move.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { type Commit, COMMIT_ROWS_MAX } from '#shared/ports/work-store.ts';

import type { Incident } from './schema.ts';

/** The incident as it closes; version, revision and `updated_at` stay. Pure. */
export function closed(incident: Incident, actor: string, at: string): Incident {
  return { ...incident, status: 'CLOSED', closed_by: actor, closed_at: at };
}

/** Resolves an escalation alert because its incident is over. Pure; `rows.alert` is not RESOLVED. */
function resolveEscalation(rows: AlertRows, acting: Acting, at: string): Commit {
  const alert: Alert = {
    ...rows.alert,
    state: 'RESOLVED',
    resolved_by: acting.actor,
    resolved_at: at,
    updated_at: at,
    version: rows.alert.version + 1,
    revision: rows.alert.revision + 1,
  };
  const happening = {
    action: 'alert.resolve',
    type: 'alert.resolved',
    before: { state: rows.alert.state },
    after: { state: alert.state, resolved_by: acting.actor },
    reason: 'its incident is closed',
  };
  return commitMove(rows, { alert, happening, at }, acting).commit;
}

/** How many rows a commit writes. */
export function rowsOf({ changes, journal, outbox }: Commit): number {
  return changes.length + journal.length + outbox.length;
}

/** Two commits as one. */
export function joined(a: Commit, b: Commit): Commit {
  return {
    changes: [...a.changes, ...b.changes],
    journal: [...a.journal, ...b.journal],
    outbox: [...a.outbox, ...b.outbox],
  };
}

/**
 * A commit that also resolves the escalation alerts of an incident that it closes, newest first, as
 * many as fit beside `reserved` rows. Pure.
 */
export function withEscalationsResolved(
  commit: Commit,
  escalations: readonly AlertRows[],
  acting: Acting,
  at: string,
  reserved = 0,
): Commit {
  let whole = commit;
  for (const rows of escalations.toReversed()) {
    if (rows.alert.state === 'RESOLVED') continue;
    const next = joined(whole, resolveEscalation(rows, acting, at));
    if (rowsOf(next) + reserved <= COMMIT_ROWS_MAX) whole = next;
  }
  return whole;
}
