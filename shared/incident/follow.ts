import type { AlertRows } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Acting } from '#shared/alert/announce.ts';
import { followGroups, GROUP_ROWS } from '#shared/grouping/follow-groups.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';

import { neighboursOf } from '#shared/service/neighbours.ts';

import { hasJoinable } from './arrive.ts';
import { correlate } from './correlate.ts';
import type { Decided, IncidentRows } from './decided.ts';
import { IncidentSettings, type Incident } from './schema.ts';
import { turnOf } from './turn.ts';

const DEFAULT_SETTINGS = IncidentSettings.parse({});

export interface FollowPorts {
  work: WorkStore;
  /** The response in force; asked only for an alert that may join or cause an incident. */
  response?(this: void): Promise<ResponseRules>;
  guesses?: IncidentGuesses;
}

/** The incident that each service's pointer named last, so that it is read beside the pointer and not after it. */
export type IncidentGuesses = Map<string, string>;

/** Services remembered; beyond it all are forgotten, which costs a read each. */
const GUESSES_MAX = 1_000;

/**
 * What an alert's reducer decided, with what it does to incidents and to groups of alerts in the same
 * commit. Reads nothing unless the change concerns one; what it reads is expected unchanged by the
 * commit, so the loser of a race reads and decides again. `reserved` rows are left free for the caller's own.
 */
export async function follow<Kind extends Decided>(
  ports: FollowPorts,
  ctx: Acting & Clock & { tenant: string },
  former: Alert | undefined,
  decided: Kind,
  reserved = 0,
): Promise<Kind> {
  const taken = reserved + (decided.alert.alert_group_id === undefined ? 0 : GROUP_ROWS);
  const correlated = await followIncident(ports, ctx, former, decided, taken);
  return followGroups(ports, ctx, former, correlated);
}

async function followIncident<Kind extends Decided>(
  { work, response, guesses }: FollowPorts,
  ctx: Acting & Clock & { tenant: string },
  former: Alert | undefined,
  decided: Kind,
  reserved: number,
): Promise<Kind> {
  const turn = turnOf(former, decided.alert);
  if (turn === undefined) return decided;
  const acts = { ...ctx, reserved };
  if (turn !== 'arrives') {
    const rows = turn === 'leaves' ? {} : await readOwn(work, decided.alert, turn === 'resolved');
    const rules = { settings: DEFAULT_SETTINGS, response: NO_RESPONSE };
    return correlate(decided, turn, rows, rules, acts);
  }
  const rules = await response?.();
  // Where no settings are in force, as in a backtest, alerts make no incidents.
  if (rules?.incidents === undefined) return decided;
  const settings = rules.incidents;
  const around = await readAround(work, decided.alert, guesses);
  const isAlone = !hasJoinable(around, decided.alert, settings, ctx.now());
  const near = isAlone && settings.neighbour_minutes > 0 ? (rules.services ?? []) : [];
  const rows = { ...around, neighbours: await readNeighbours(work, decided.alert, near) };
  return correlate(decided, turn, rows, { settings, response: rules }, acts);
}

async function readOwn(work: WorkStore, alert: Alert, mayClose: boolean): Promise<IncidentRows> {
  const own = await work.getIncident(alert.tenant, alert.incident_id!);
  const isLast = mayClose && own?.open_count === 1 && own.status !== 'CLOSED';
  return { own, ...(isLast && { escalations: await readEscalations(work, own) }) };
}

/** The escalation alerts of an incident that are not resolved, oldest first. */
export async function readEscalations(work: WorkStore, incident: Incident): Promise<AlertRows[]> {
  const { tenant, escalation_ids } = incident;
  const alerts = await work.getAlerts(tenant, escalation_ids);
  const open = alerts.flatMap((alert) => (alert && alert.state !== 'RESOLVED' ? [alert] : []));
  return Promise.all(
    open.map(async (alert) => {
      const [deliveries, timers] = await Promise.all([
        work.listDeliveries(tenant, alert.alert_id),
        work.listTimers(tenant, alert.alert_id),
      ]);
      return { alert, deliveries, timers };
    }),
  );
}

/** Incidents that began at a service next to the alert's, the one last heard of first. */
async function readNeighbours(
  work: WorkStore,
  { tenant, service }: Alert,
  services: NonNullable<ResponseRules['services']>,
): Promise<Incident[]> {
  const names = neighboursOf(service, services);
  const found = await Promise.all(
    names.map(async (name) => {
      const pointer = await work.getIncidentPointer(tenant, name);
      return pointer && (await work.getIncident(tenant, pointer.incident_id));
    }),
  );
  // Where a neighbour's pointer names an incident of yet another service, that one is no neighbour.
  return found
    .flatMap((incident) => (incident && names.includes(incident.service) ? [incident] : []))
    .sort((a, b) => (a.last_alert_at < b.last_alert_at ? 1 : -1));
}

async function readAround(
  work: WorkStore,
  alert: Alert,
  guesses?: IncidentGuesses,
): Promise<IncidentRows> {
  const { tenant, service, incident_id } = alert;
  const place = JSON.stringify([tenant, service]);
  const guess = guesses?.get(place);
  const [pointer, own, guessed] = await Promise.all([
    work.getIncidentPointer(tenant, service),
    incident_id === undefined ? undefined : work.getIncident(tenant, incident_id),
    guess === undefined || guess === incident_id ? undefined : work.getIncident(tenant, guess),
  ]);
  if (!pointer) return { own };
  if (guesses && guesses.size >= GUESSES_MAX) guesses.clear();
  guesses?.set(place, pointer.incident_id);
  const read = [own, guessed].find((incident) => incident?.incident_id === pointer.incident_id);
  const current = read ?? (await work.getIncident(tenant, pointer.incident_id));
  return { own, pointer, current };
}
