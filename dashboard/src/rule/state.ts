import type { DetectionRule } from '#shared/rule/schema.ts';

export type RuleState = DetectionRule['state'];

/** The states in the order of a rule's life, and what each means. */
export const STATES = [
  { state: 'DRAFT', name: 'Draft', meaning: 'Being written. It sees no events.' },
  {
    state: 'STAGED',
    name: 'Staged',
    meaning: 'Sees every event and records its alerts, but tells nobody: a trial on real traffic.',
  },
  { state: 'ENABLED', name: 'Enabled', meaning: 'Detects, and the people on call are told.' },
  { state: 'DISABLED', name: 'Disabled', meaning: 'Was live and rests. It sees no events.' },
  {
    state: 'ARCHIVED',
    name: 'Archived',
    meaning: 'Put away, with all its versions. It comes back only as a draft.',
  },
] as const satisfies readonly { state: RuleState; name: string; meaning: string }[];

/** What a rule may become from each state; the server decides, this says which buttons there are. */
export const MAY_BECOME: Readonly<Record<RuleState, readonly RuleState[]>> = {
  DRAFT: ['STAGED', 'ENABLED', 'ARCHIVED'],
  STAGED: ['DRAFT', 'ENABLED', 'DISABLED', 'ARCHIVED'],
  ENABLED: ['STAGED', 'DISABLED', 'ARCHIVED'],
  DISABLED: ['DRAFT', 'STAGED', 'ENABLED', 'ARCHIVED'],
  ARCHIVED: ['DRAFT'],
};

/** The verb of the button that brings a rule into a state. */
export const STATE_VERBS: Readonly<Record<RuleState, string>> = {
  DRAFT: 'Back to draft',
  STAGED: 'Stage',
  ENABLED: 'Enable',
  DISABLED: 'Disable',
  ARCHIVED: 'Archive',
};

export function stateName(state: RuleState): string {
  return STATES.find((one) => one.state === state)!.name;
}
