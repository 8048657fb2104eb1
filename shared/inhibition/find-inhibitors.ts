import type { Alert } from '#shared/alert/schema.ts';
import { type Matched, matches, valueOf } from '#shared/silence/match.ts';

import type { Inhibition } from './schema.ts';

/** An alert that may hold others back: OPEN or ACK when it was read. */
export type Inhibitor = Matched & Pick<Alert, 'alert_id'>;

/** What keeps an alert from holding others back: it counts for nothing yet, or is held back itself. */
const NO_SOURCE: ReadonlySet<string> = new Set(['staging', 'warming', 'inhibition']);

/**
 * Those of the active alerts that are the source of some rule. One that is itself inhibited is none, so
 * that of alerts that could hold each other back somebody is told of one. Pure.
 */
export function sourcesOf(inhibitions: readonly Inhibition[], active: readonly Alert[]): Alert[] {
  return active.filter(
    (alert) =>
      !alert.suppressed_by.some(({ reason }) => NO_SOURCE.has(reason)) &&
      inhibitions.some(({ source }) => matches(source, alert)),
  );
}

/**
 * The rules that hold an alert back because of some other active alert. An alert that is itself a
 * source of a rule is never its target, so that two do not hold each other back. Pure.
 */
export function findInhibitors(
  inhibitions: readonly Inhibition[],
  active: readonly Inhibitor[],
  alert: Inhibitor,
): Inhibition[] {
  return inhibitions.filter((rule) => {
    if (alert.severity === 'CRITICAL' && !rule.holds_critical) return false;
    if (!matches(rule.target, alert) || matches(rule.source, alert)) return false;
    return active.some(
      (source) =>
        source.alert_id !== alert.alert_id &&
        matches(rule.source, source) &&
        rule.equal.every((field) => valueOf(source, field) === valueOf(alert, field)),
    );
  });
}
