/**
 * One step of why people were told of an alert, or were not. Kept in the journal entry of the commit
 * that decided it, as `after.trace`, so that the explanation is what was decided and never a guess.
 */
export interface TraceStep {
  /** What was looked at. */
  step: 'suppression' | 'grouping' | 'policy' | 'escalation_step' | 'schedule';
  /** What came of it, e.g. `held_back`, `chosen`, `none_matches`, `told`, `nobody_on_call`. */
  outcome: string;
  /** The silence, policy, schedule or delivery concerned, with its version where it has one. */
  id?: string;
  version?: number;
  detail?: string;
}
