import type { ExplainLine, ExplainOutcome } from './schema.ts';

/** What became of the messages of somebody who was told, best first. */
const TOLD: readonly ExplainOutcome[] = [
  'delivered',
  'delivery_pending',
  'delivery_dead',
  'delivery_failed',
  'not_needed_acknowledged',
  'not_needed_resolved',
  'not_needed',
  'told',
];

/** Why nobody was, in the order in which production asks. */
const UNTOLD: readonly ExplainOutcome[] = [
  'staged',
  'warming',
  'silenced',
  'maintenance',
  'inhibited',
  'fatigue',
  'grouped',
  'held_back',
  'no_policy',
  'acknowledged_before_step',
  'resolved_before_step',
  'nobody_on_call',
  'schedule_gone',
  'reached_nobody',
  'policy_chosen',
];

/** The line that answers "was anybody told, and if not, why not". Of equal reasons the first counts. */
export function verdictOf(lines: readonly ExplainLine[]): ExplainLine {
  const isTold = lines.some(({ outcome }) => outcome === 'told' || outcome === 'delivered');
  for (const outcome of isTold ? TOLD : UNTOLD) {
    const found = lines.find((one) => one.outcome === outcome);
    if (found) return found;
  }
  return lines[0]!;
}
