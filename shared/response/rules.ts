import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { IncidentSettings } from '#shared/incident/schema.ts';
import type { Inhibitor } from '#shared/inhibition/find-inhibitors.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import type { Schedule } from '#shared/schedule/schema.ts';
import type { Service } from '#shared/service/schema.ts';
import type { Silence } from '#shared/silence/schema.ts';

/** Everything of a tenant that decides who is told of an alert and what holds that back. */
export interface ResponseRules {
  /** In ascending order; the first that matches is the alert's. */
  policies: readonly EscalationPolicy[];
  schedules: readonly Schedule[];
  silences: readonly Silence[];
  maintenance: readonly MaintenanceWindow[];
  inhibitions: readonly Inhibition[];
  /** Active alerts that are the source of an inhibition, as they were when the rules were read. */
  inhibitors: readonly Inhibitor[];
  /** How alerts become incidents; absent: they do not. */
  incidents?: IncidentSettings;
  /** What needs what; absent: nothing is known of it. */
  services?: readonly Pick<Service, 'service' | 'depends_on'>[];
}

/** Rules under which nobody is ever told. */
export const NO_RESPONSE: ResponseRules = {
  policies: [],
  schedules: [],
  silences: [],
  maintenance: [],
  inhibitions: [],
  inhibitors: [],
};
