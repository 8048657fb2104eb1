import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';

import type { ExpectedAlert } from './oracle.ts';
import type { AlertSnapshot, MessageSnapshot, Snapshot } from './snapshot.ts';

/** Channels that the shipped policies tell at once, by severity. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  CRITICAL: ['pagerduty', 'slack', 'email', 'webhook'],
  ERROR: ['pagerduty', 'slack', 'email', 'webhook'],
  WARN: ['slack', 'webhook'],
  INFO: ['webhook'],
};

/** What a run sent, counted. */
export interface MessageReport {
  /** Alert and channel that were never told. */
  missing: string[];
  /** Told although nobody should have been. */
  unexpected: string[];
  /** Repetitions, and those among them whose receiver cannot tell that they are. */
  repeated: number;
  differing: string[];
  sent: number;
}

/** Every way in which the alerts of the world are not those expected; empty when they are. */
export function compareAlerts(
  alerts: readonly AlertSnapshot[],
  expected: readonly ExpectedAlert[],
): string[] {
  const name = ({ rule_id, group }: { rule_id: string; group: readonly string[] }) =>
    JSON.stringify([rule_id, ...group]);
  const left = new Map(expected.map((alert) => [name(alert), alert]));
  const wrong: string[] = [];
  for (const alert of alerts) {
    if (isEscalation(alert)) continue;
    const wanted = left.get(name(alert));
    left.delete(name(alert));
    if (!wanted) wrong.push(`unexpected or twice: ${name(alert)}`);
    else if (wanted.count !== alert.count)
      wrong.push(`${name(alert)} counts ${alert.count}, not ${wanted.count}`);
    else if (wanted.severity !== alert.severity) wrong.push(`${name(alert)} is ${alert.severity}`);
    else if (alert.episode !== 1) wrong.push(`${name(alert)} has episode ${alert.episode}`);
  }
  return [...wrong, ...[...left.keys()].map((key) => `missing: ${key}`)];
}

/** Holds the first message of each alert against the shipped policies. */
export function checkMessages({ alerts, messages }: Snapshot): MessageReport {
  const report: MessageReport = {
    missing: [],
    unexpected: [],
    repeated: 0,
    differing: [],
    sent: 0,
  };
  const taken = messages.filter(({ status }) => status >= 200 && status < 300);
  const groups = Map.groupBy(taken, nameOf);
  for (const { alert_id, severity } of alerts)
    for (const channel of TOLD[severity] ?? []) {
      const name = nameOf({ alert_id, channel });
      const told = groups.get(name);
      groups.delete(name);
      if (told === undefined) {
        report.missing.push(name);
        continue;
      }
      report.sent += told.length;
      report.repeated += told.length - 1;
      if (new Set(told.map(({ key }) => key)).size > 1) report.differing.push(name);
    }
  report.unexpected.push(...groups.keys());
  return report;
}

function nameOf({ alert_id, channel }: Pick<MessageSnapshot, 'alert_id' | 'channel'>): string {
  return `${alert_id} ${channel}`;
}

/** Every way in which a run with faults ended unlike the clean one, messages by their own check. */
export function differences(clean: Snapshot, faulty: Snapshot): string[] {
  const alertLines = ({ alerts }: Snapshot) =>
    alerts.filter((alert) => !isEscalation(alert)).map((alert) => JSON.stringify(alert));
  const deliveryLines = ({ alerts, deliveries }: Snapshot) => {
    const own = new Set(alerts.filter(isEscalation).map(({ alert_id }) => alert_id));
    return deliveries
      .filter(({ delivery_key }) => !own.has(delivery_key.split('|')[0]!))
      .map(({ delivery_key, status, owed }) => JSON.stringify({ delivery_key, status, owed }));
  };
  const quarantineLines = ({ quarantine }: Snapshot) =>
    quarantine.map((row) => JSON.stringify(row));
  return [
    ...unlike('alert', alertLines(clean), alertLines(faulty)),
    ...unlike('delivery', deliveryLines(clean), deliveryLines(faulty)),
    ...unlike('quarantine', quarantineLines(clean), quarantineLines(faulty)),
    ...checkIncidents(faulty),
    ...leftovers(faulty),
  ];
}

/** The alert of an escalation: which there are depends on the alert that came first. */
function isEscalation({ rule_id }: { rule_id: string }): boolean {
  return rule_id === ESCALATION_RULE_ID;
}

/**
 * Every way in which incidents are not what their alerts say: a grave alert without one, an escalation
 * without its one alert, a wrong count.
 */
export function checkIncidents({ incidents, members }: Snapshot): string[] {
  const wrong = members
    .filter(({ severity, incident_id }) => isGrave(severity) && incident_id === undefined)
    .map(({ alert_id }) => `${alert_id} is of no incident`);
  for (const { incident_id, alert_count, open_count, escalation_level } of incidents) {
    const own = members.filter((alert) => alert.incident_id === incident_id);
    const [told, causes] = [own.filter(isEscalation), own.filter((one) => !isEscalation(one))];
    const open = causes.filter(({ state }) => state !== 'RESOLVED');
    if (told.length !== escalation_level)
      wrong.push(`${incident_id} is at level ${escalation_level} with ${told.length} alerts`);
    if (causes.length !== alert_count || open.length !== open_count)
      wrong.push(`${incident_id} counts ${open_count} of ${alert_count} wrongly`);
  }
  return wrong;
}

const isGrave = (severity: string) => severity === 'ERROR' || severity === 'CRITICAL';

/** What must never be left when all has settled. */
export function leftovers({ unpublished, dead_letters, deliveries }: Snapshot): string[] {
  const owed = deliveries.filter((delivery) => delivery.owed).length;
  return [
    ...(unpublished > 0 ? [`${unpublished} outbox rows unpublished`] : []),
    ...(owed > 0 ? [`${owed} deliveries still owed`] : []),
    ...Object.entries(dead_letters).map(([queue, depth]) => `${depth} messages in ${queue}`),
  ];
}

function unlike(what: string, clean: readonly string[], faulty: readonly string[]): string[] {
  const had = new Set(clean);
  const has = new Set(faulty);
  return [
    ...clean.filter((line) => !has.has(line)).map((line) => `${what} only when clean: ${line}`),
    ...faulty.filter((line) => !had.has(line)).map((line) => `${what} only with faults: ${line}`),
    ...(faulty.length > has.size ? [`${what} twice`] : []),
  ];
}
