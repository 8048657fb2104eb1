import { type RuleState, stateName, STATES } from './state.ts';

/** The state of a rule in a word; its tooltip says what that means. */
export function RuleStateBadge({ state }: { state: RuleState }) {
  return (
    <span
      className={`state state-rule-${state}`}
      title={STATES.find((one) => one.state === state)?.meaning}
    >
      {stateName(state)}
    </span>
  );
}
