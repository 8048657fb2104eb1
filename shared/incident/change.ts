import { requireScope } from '#shared/access/scope.ts';
import type { Acting } from '#shared/alert/announce.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';

import { announceIncident, type IncidentHappening } from './announce.ts';
import type { Incident } from './schema.ts';

/** What the verbs of an incident work on. */
export interface IncidentPorts {
  work: WorkStore;
}

/** What a caller may say with any change of an incident. */
export interface IncidentCommand {
  /** The incident's `version` the caller saw. */
  if_version?: number | undefined;
  reason?: string | undefined;
}

/** What a reducer answers: what to write, that there is nothing to do, or why not. */
export type IncidentDecision =
  | { kind: 'commit'; commit: Commit; incident: Incident }
  | { kind: 'unchanged'; incident: Incident }
  | { kind: 'refused'; reason: string; incident: Incident };

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 10;

/** The refusal of a caller who saw an older version; undefined when theirs is the newest, or unsaid. */
export function staleIncident(
  incident: Incident,
  { if_version }: IncidentCommand,
): Extract<IncidentDecision, { kind: 'refused' }> | undefined {
  if (if_version === undefined || if_version === incident.version) return undefined;
  const reason = `The incident is at version ${incident.version} now.`;
  return { kind: 'refused', reason, incident };
}

/** The commit of one change of an incident: its row, journal and outbox. */
export function incidentCommit(
  former: Incident,
  incident: Incident,
  happening: IncidentHappening,
  acting: Acting,
): Extract<IncidentDecision, { kind: 'commit' }> {
  const changes = [{ kind: 'incident', row: incident, expected: former.revision } as const];
  const said = announceIncident(incident, [happening], acting);
  return { kind: 'commit', commit: { changes, ...said }, incident };
}

/** One incident; needs sentry.alert.read, throws `not_found`. */
export async function getIncident(
  { work }: IncidentPorts,
  ctx: Context,
  incidentId: string,
): Promise<Incident> {
  requireScope(ctx, 'sentry.alert.read');
  return existing(work, ctx.tenant, incidentId);
}

async function existing(work: WorkStore, tenant: string, incidentId: string): Promise<Incident> {
  const incident = await work.getIncident(tenant, incidentId);
  if (!incident) throw new SentryError('not_found', `There is no incident ${incidentId}.`);
  return incident;
}

/**
 * Reads, decides and commits; a lost race is read and decided again, up to ten times. Throws
 * `forbidden` without the scope sentry.alert.write, `not_found`, and `conflict` with the current
 * incident.
 */
export async function changeIncident(
  { work }: IncidentPorts,
  ctx: Context,
  incidentId: string,
  decide: (incident: Incident) => IncidentDecision | Promise<IncidentDecision>,
): Promise<Incident> {
  requireScope(ctx, 'sentry.alert.write');
  for (let attempt = 1; ; attempt++) {
    const decision = await decide(await existing(work, ctx.tenant, incidentId));
    if (decision.kind === 'unchanged') return decision.incident;
    if (decision.kind === 'refused')
      throw new SentryError('conflict', decision.reason, { current: decision.incident });
    try {
      await work.commit(decision.commit);
      return decision.incident;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost) throw error;
      if (attempt === ATTEMPTS_MAX)
        throw new SentryError('conflict', 'The incident keeps changing; try again.', {
          current: await work.getIncident(ctx.tenant, incidentId),
        });
    }
  }
}
