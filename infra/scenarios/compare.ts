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

/** Every way in which the alerts are not those expected; empty when they are. */
export function compareAlerts(
  alerts: readonly AlertSnapshot[],
  expected: readonly ExpectedAlert[],
): string[] {
  const name = ({ rule_id, group }: { rule_id: string; group: readonly string[] }) =>
    JSON.stringify([rule_id, ...group]);
  const left = new Map(expected.map((alert) => [name(alert), alert]));
  const wrong: string[] = [];
  for (const alert of alerts) {
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
  const alertLines = ({ alerts }: Snapshot) => alerts.map((alert) => JSON.stringify(alert));
  const deliveryLines = ({ deliveries }: Snapshot) =>
    deliveries.map((delivery) => JSON.stringify(delivery));
  const quarantineLines = ({ quarantine }: Snapshot) =>
    quarantine.map((row) => JSON.stringify(row));
  return [
    ...unlike('alert', alertLines(clean), alertLines(faulty)),
    ...unlike('delivery', deliveryLines(clean), deliveryLines(faulty)),
    ...unlike('quarantine', quarantineLines(clean), quarantineLines(faulty)),
    ...leftovers(faulty),
  ];
}

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
