import type { ExplainLine, ExplainOutcome } from './schema.ts';

/** What became of the messages of somebody who was told, best first. */
const TOLD: readonly ExplainOutcome[] = [
  'delivered',
  'delivery_pending',
  'told_in_group',
  'delivery_dead',
  'not_needed_acknowledged',
  'not_needed_resolved',
  'not_needed',
  // What failed at first has come to one of the ends above.
  'delivery_failed',
  'told',
];

const IS_TOLD: ReadonlySet<ExplainOutcome> = new Set(['told', 'delivered', 'told_in_group']);

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
  'joined_group',
  'policy_chosen',
];

/** The line that answers "was anybody told, and if not, why not". Of equal reasons the first counts. */
export function verdictOf(lines: readonly ExplainLine[]): ExplainLine {
  const isTold = lines.some(({ outcome }) => IS_TOLD.has(outcome));
  for (const outcome of isTold ? TOLD : UNTOLD) {
    const found = lines.find((one) => one.outcome === outcome);
    if (found) return found;
  }
  return lines[0]!;
}
