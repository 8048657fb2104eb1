import { listPolicies } from '#shared/escalation/list-policies.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { incidentSettings } from '#shared/incident/settings-kind.ts';
import type { IncidentSettings } from '#shared/incident/schema.ts';
import { type Inhibitor, sourcesOf } from '#shared/inhibition/find-inhibitors.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';
import type { Service } from '#shared/service/schema.ts';
import type { Silence } from '#shared/silence/schema.ts';

import type { ResponseRules } from './rules.ts';

/** Active alerts looked at for sources of inhibitions, newest first, and in one page. */
const ACTIVE_MAX = 1_000;
const PAGE = 100;

/** Where the rules of response are kept. */
export interface ResponseStores {
  policies: DocumentStore<EscalationPolicy>;
  schedules: DocumentStore<Schedule>;
  silences: DocumentStore<Silence>;
  maintenance: DocumentStore<MaintenanceWindow>;
  inhibitions: DocumentStore<Inhibition>;
  incidentSettings: DocumentStore<IncidentSettings>;
  services: DocumentStore<Service>;
  work: Pick<WorkStore, 'listAlerts'>;
}

/** The rules that people write; what they say of an instant is asked when it has come. */
export type WrittenRules = Omit<ResponseRules, 'inhibitors'>;

/**
 * The rules in force for a tenant; active alerts are read only where there are inhibitions, the newest
 * 1,000 of them. Throws what the stores throw.
 */
export async function readResponseRules(
  stores: ResponseStores,
  tenant: string,
): Promise<ResponseRules> {
  return withInhibitors(stores.work, tenant, await readWrittenRules(stores, tenant));
}

/** Every rule that was written, as the stores have it now. */
export async function readWrittenRules(
  stores: Omit<ResponseStores, 'work'>,
  tenant: string,
): Promise<WrittenRules> {
  const [policies, schedules, silences, maintenance, inhibitions, incidents, services] =
    await Promise.all([
      listPolicies(stores.policies, tenant),
      stores.schedules.list(tenant),
      stores.silences.list(tenant),
      stores.maintenance.list(tenant),
      stores.inhibitions.list(tenant),
      incidentSettings(stores.incidentSettings, tenant),
      stores.services.list(tenant),
    ]);
  return { policies, schedules, silences, maintenance, inhibitions, incidents, services };
}

/** The rules with the alerts that inhibit others now; those are read only where there are inhibitions. */
export async function withInhibitors(
  work: ResponseStores['work'],
  tenant: string,
  rules: WrittenRules,
): Promise<ResponseRules> {
  const { inhibitions } = rules;
  const inhibitors = inhibitions.length > 0 ? await readInhibitors(work, tenant, inhibitions) : [];
  return { ...rules, inhibitors };
}

async function readInhibitors(
  work: ResponseStores['work'],
  tenant: string,
  inhibitions: readonly Inhibition[],
): Promise<Inhibitor[]> {
  const found: Inhibitor[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < ACTIVE_MAX; read += PAGE) {
    const page = await work.listAlerts(
      tenant,
      { states: ['OPEN', 'ACK'] },
      { limit: PAGE, ...(cursor !== undefined && { cursor }) },
    );
    found.push(...sourcesOf(inhibitions, page.items));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return found;
}
