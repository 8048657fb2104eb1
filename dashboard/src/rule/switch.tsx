import { useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { bodyOf } from './body.ts';
import { attempt, type ChangeOutcome } from './change.ts';
import { type Change, ChangeDialog } from './change-dialog.tsx';
import { stateName } from './state.ts';

/** Turns a rule on or off. What its tests refuse is shown, and can be overridden with a reason. */
export function RuleSwitch({ rule, onChanged }: { rule: ListedRule; onChanged: () => void }) {
  const { call, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.policy.write');
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<Extract<ChangeOutcome, { kind: 'refused' }>>();
  const { rule_id, name, state } = rule;
  const isOn = state === 'ENABLED';
  const next = isOn ? 'DISABLED' : 'ENABLED';
  const refusal = isAllowed
    ? state === 'ARCHIVED'
      ? 'An archived rule first becomes a draft again'
      : undefined
    : title;
  const turn = async (change: Change) => {
    const current = await call('rules.get', { rule_id });
    return call('rules.replace', {
      ...bodyOf(current),
      ...change,
      state: next,
      if_version: current.version,
    });
  };
  const settle = ({ state: now }: ListedRule) => {
    toasts.say('done', `${name} is ${stateName(now).toLowerCase()}.`);
    onChanged();
  };
  const click = async () => {
    setIsBusy(true);
    const outcome = await attempt(() => turn({ reason: isOn ? 'switched off' : 'switched on' }));
    setIsBusy(false);
    if (outcome.kind === 'done') settle(outcome.rule);
    else if (outcome.kind === 'conflict')
      toasts.say('failed', `${name} was changed by ${outcome.current.author} just now. Try again.`);
    else if (outcome.isByTests) setRefused(outcome);
    else toasts.say('failed', `${name} stays as it is: ${outcome.message}`);
  };
  return (
    <>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={isOn}
        aria-label={`${name} is on`}
        aria-busy={isBusy}
        disabled={refusal !== undefined || isBusy}
        title={refusal}
        onClick={() => void click()}
      >
        <span className="switch-word">{isOn ? 'on' : 'off'}</span>
      </button>
      {refused && (
        <ChangeDialog
          title={`Enable ${name}?`}
          verb="Enable"
          refused={refused}
          run={turn}
          onDone={(now) => {
            settle(now);
            setRefused(undefined);
          }}
          onConflict={({ author }) => {
            setRefused(undefined);
            toasts.say('failed', `${name} was changed by ${author} just now. Try again.`);
          }}
          onClose={() => setRefused(undefined)}
        >
          <p>An enabled rule needs tests that pass: one that fires, and one that stays quiet.</p>
        </ChangeDialog>
      )}
    </>
  );
}
