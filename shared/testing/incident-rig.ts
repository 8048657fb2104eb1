import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import type { Finding } from '#shared/alert/finding.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { raiseOwn } from '#shared/detection/raise-own.ts';
import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';
import { type Incident, IncidentSettings } from '#shared/incident/schema.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildContext } from './build-context.ts';
import { buildEvent, buildFinding, buildPolicy, buildRule } from './build-finding.ts';

/** What a test raises: a group of a service, `ERROR` unless told. */
export interface Raise {
  group?: string;
  service?: string;
  severity?: Severity;
  fields?: Partial<Finding>;
}

/** Alerts and incidents over memory stores, with the verbs of production and a clock moved by hand. */
export function createIncidentRig(
  settings: Partial<IncidentSettings> = {},
  services: NonNullable<ResponseRules['services']> = [],
) {
  const clock = { now: Date.parse(BUILT_AT) };
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const journal = createMemoryJournalStore(tables, () => clock.now);
  const ctx = buildContext(clock);
  const rules: ResponseRules = {
    ...NO_RESPONSE,
    policies: [buildPolicy()],
    incidents: IncidentSettings.parse(settings),
    services,
  };
  const response = () => Promise.resolve(rules);
  const rowsOf = <Row>(table: Map<string, { row: Row }>) =>
    [...table.values()].map(({ row }) => row);
  let events = 0;

  async function raise({ group = 'g1', service = 'checkout', ...told }: Raise = {}) {
    const severity = told.severity ?? 'ERROR';
    const finding = buildFinding({
      rule: buildRule({ rule_id: 'cpu-high', severity, reopen_window_seconds: 600 }),
      group_key: `${service}/${group}`,
      group: { service, group },
      events: [buildEvent(++events, { service })],
      ...told.fields,
    });
    await raiseOwn(work, buildContext(clock, { actor: 'system:detect' }), finding, rules);
    return alertOf(group, service);
  }
  function alertOf(group = 'g1', service = 'checkout'): Alert {
    const found = rowsOf(tables.alerts).filter(
      ({ group_key }) => group_key === `${service}/${group}`,
    );
    return found.sort((a, b) => b.episode - a.episode)[0]!;
  }

  return {
    clock,
    tables,
    work,
    journal,
    ctx,
    rules,
    ports: { work, response },
    raise,
    alertOf,
    ack: (alertId: string) => acknowledge({ work }, ctx, alertId),
    resolve: (alertId: string) => resolve({ work }, ctx, alertId),
    minutes(count: number) {
      clock.now += count * 60_000;
    },
    incidents: (): Incident[] => rowsOf(tables.incidents),
    /** Alerts that escalations made. */
    escalations: (): Alert[] =>
      rowsOf(tables.alerts).filter(({ rule_id }) => rule_id === ESCALATION_RULE_ID),
    /** Alerts of the world. */
    causes: (): Alert[] =>
      rowsOf(tables.alerts).filter(({ rule_id }) => rule_id !== ESCALATION_RULE_ID),
    deliveriesOf: (alertId: string) =>
      rowsOf(tables.deliveries).filter(({ alert_id }) => alert_id === alertId),
    actionsOf: (id: string) =>
      rowsOf(tables.journal)
        .filter(({ subject }) => subject.id === id)
        .map(({ action }) => action),
    announced: () => [...tables.outbox.values()].map(({ envelope }) => envelope.type),
  };
}
export type IncidentRig = ReturnType<typeof createIncidentRig>;
