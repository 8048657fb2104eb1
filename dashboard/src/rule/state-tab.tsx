import { useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { bodyOf } from './body.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { MAY_BECOME, type RuleState, STATE_VERBS, STATES } from './state.ts';

interface Props {
  rule: ListedRule;
  isChanged: boolean;
  onChanged: (rule: ListedRule) => void;
}

/** The life of a rule: what each state means, which one it is in, and the ways on from there. */
export function StateTab({ rule, isChanged, onChanged }: Props) {
  const { call, toasts } = useApp();
  const { title } = useScope('sentry.policy.write');
  const [next, setNext] = useState<RuleState>();
  const chosen = STATES.find(({ state }) => state === next);
  const refusal = title ?? (isChanged ? 'Save or discard your changes first' : undefined);
  return (
    <section className="panel" aria-label="State">
      <ol className="states">
        {STATES.map(({ state, name, meaning }) => (
          <li
            key={state}
            className={state === rule.state ? 'is-current' : ''}
            aria-current={state === rule.state ? 'step' : undefined}
          >
            <div>
              <strong>{name}</strong>
              {state === rule.state && <span className="muted"> – now</span>}
              <p className="muted">{meaning}</p>
            </div>
            {MAY_BECOME[rule.state].includes(state) && (
              <button
                type="button"
                className={`button ${state === 'ARCHIVED' ? 'button-danger' : ''}`}
                disabled={refusal !== undefined}
                title={refusal}
                onClick={() => setNext(state)}
              >
                {STATE_VERBS[state]}
              </button>
            )}
          </li>
        ))}
      </ol>
      {chosen && (
        <ChangeDialog
          title={`${STATE_VERBS[chosen.state]}: ${rule.name}`}
          verb={STATE_VERBS[chosen.state]}
          run={(change) =>
            call('rules.replace', {
              ...bodyOf(rule),
              ...change,
              state: chosen.state,
              if_version: rule.version,
            })
          }
          onDone={(changed) => {
            setNext(undefined);
            onChanged(changed);
          }}
          onConflict={(current) => {
            setNext(undefined);
            toasts.say(
              'failed',
              `${current.author} changed the rule just now. Look, then try again.`,
            );
          }}
          onClose={() => setNext(undefined)}
        >
          <p>
            <strong>{chosen.name}:</strong> {chosen.meaning}
          </p>
        </ChangeDialog>
      )}
    </section>
  );
}
