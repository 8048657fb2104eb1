import { type ReactNode, useState } from 'react';

import { reasonOf } from '#dashboard/api/problem.ts';

interface Action {
  name: string;
  /** Names the action apart from those of other lines. */
  label: string;
  /** Why it is off. */
  refusal: string | undefined;
  /** What came of it, in a sentence; undefined when it was called off. Throws what went wrong. */
  run: () => Promise<string | undefined>;
}

interface Props {
  name: ReactNode;
  state: ReactNode;
  /** What became of it before anybody pressed anything here. */
  last: ReactNode;
  actions: readonly Action[];
  onDone: () => void;
  children?: ReactNode;
}

/** One thing to set off by hand, with what became of it last. */
export function Hook({ name, state, last, actions, onDone, children }: Props) {
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ isGood: boolean; words: string }>();
  const run = async (action: Action) => {
    setIsBusy(true);
    try {
      const words = await action.run();
      if (words !== undefined) setOutcome({ isGood: true, words });
    } catch (error) {
      setOutcome({ isGood: false, words: `Not done: ${reasonOf(error)}` });
    } finally {
      setIsBusy(false);
      onDone();
    }
  };
  return (
    <li className="hook">
      <div className="hook-name">
        {name} {state}
      </div>
      <p className={`hook-last ${outcome?.isGood === false ? 'is-bad' : 'muted'}`} role="status">
        {outcome ? <bdi>{outcome.words}</bdi> : last}
      </p>
      <div className="hook-actions">
        {actions.map((action) => (
          <button
            key={action.name}
            type="button"
            className="button button-small"
            aria-label={action.label}
            aria-busy={isBusy}
            disabled={isBusy || action.refusal !== undefined}
            title={action.refusal}
            onClick={() => void run(action)}
          >
            {action.name}
          </button>
        ))}
      </div>
      {children}
    </li>
  );
}
