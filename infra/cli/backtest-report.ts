import type { Backtest, BacktestProgress, BacktestResult } from '#shared/backtest/schema.ts';

const ALERTS_SHOWN = 20;
const number = (value: number) => value.toLocaleString('en-US');
const minute = (instant: string) => instant.slice(0, 16).replace('T', ' ');

/** How far a run is, on one line. */
export function progressLine(progress: BacktestProgress): string {
  const { objects_read, objects_total, events, matches, alerts, elapsed_seconds } = progress;
  const objects = `${number(objects_read)}/${number(objects_total)} objects`;
  return `${objects}  ${number(events)} events  ${number(matches)} matches  ${number(alerts)} alerts  ${elapsed_seconds.toFixed(0)} s`;
}

/** What a run found, as lines for a terminal. */
export function reportLines(job: Backtest, result: BacktestResult): string[] {
  const { alerts, alerts_total, overlap, truncated, faulty_objects } = result;
  const lines = [
    `${number(result.events)} events from ${minute(job.from)} to ${minute(job.to)}, ${number(result.matches)} matches, ${number(alerts_total)} alerts, in ${result.run_seconds.toFixed(1)} s (${number(result.events_per_second)} events/s)`,
  ];
  if (alerts.length > 0) {
    lines.push('', `  ${'opened'.padEnd(16)}  ${'count'.padStart(7)}  severity  title`);
    for (const { opened_at, count, severity, title } of alerts.slice(0, ALERTS_SHOWN))
      lines.push(
        `  ${minute(opened_at)}  ${number(count).padStart(7)}  ${severity.padEnd(8)}  ${title}`,
      );
    const rest = alerts_total - Math.min(alerts.length, ALERTS_SHOWN);
    if (rest > 0) lines.push(`  and ${number(rest)} more`);
  }
  if (overlap.length > 0) lines.push('', '  live rules that alerted on the same events:');
  for (const { rule_id, shared_events, alerts: count } of overlap)
    lines.push(`  ${rule_id}: ${number(shared_events)} events in ${number(count)} alerts`);
  const notes = [
    result.warming > 0 && `${number(result.warming)} alerts held back at INFO: series too new`,
    result.rule_faults > 0 && `the rule failed on ${number(result.rule_faults)} events`,
    truncated && `ended early (${truncated.reason}): worked through up to ${truncated.until}`,
    ...faulty_objects.items.map(({ key, reason }) => `not read: ${key}: ${reason}`),
  ].filter((note) => typeof note === 'string');
  if (notes.length > 0) lines.push('', ...notes.map((note) => `  ${note}`));
  return lines;
}
