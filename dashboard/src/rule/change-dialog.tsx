import { type ReactNode, useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { attempt, type ChangeOutcome } from './change.ts';

/** What is asked of the server. */
export interface Change {
  reason: string;
  override_tests?: true;
}

interface Props {
  title: string;
  /** The verb on the button. */
  verb: string;
  /** Whether it cannot be done without saying why. */
  needsReason?: boolean;
  /** What was refused before this was opened. */
  refused?: Extract<ChangeOutcome, { kind: 'refused' }>;
  run: (change: Change) => Promise<ListedRule>;
  onDone: (rule: ListedRule) => void;
  /** Somebody was faster. */
  onConflict: (current: ListedRule) => void;
  /** What the server said against it, also while this stays open. */
  onRefused?: (refused: Extract<ChangeOutcome, { kind: 'refused' }>) => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks why a rule is changed, and shows what speaks against it; failing tests can be overridden with a reason. */
export function ChangeDialog(props: Props) {
  const { title, verb, run, onDone, onConflict, onRefused, onClose, children } = props;
  const [reason, setReason] = useState('');
  const [isOverriding, setIsOverriding] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState(props.refused);
  const needsReason = props.needsReason === true || isOverriding;
  const isMissing = needsReason && reason.trim() === '';
  const submit = async () => {
    setIsBusy(true);
    const outcome = await attempt(() =>
      run({ reason: reason.trim(), ...(isOverriding && { override_tests: true as const }) }),
    );
    setIsBusy(false);
    if (outcome.kind === 'done') return onDone(outcome.rule);
    if (outcome.kind === 'conflict') return onConflict(outcome.current);
    setRefused(outcome);
    onRefused?.(outcome);
  };
  return (
    <Dialog title={title} onClose={onClose} actions={<></>}>
      {children}
      <Form
        verb={isOverriding ? `${verb} without passing tests` : verb}
        onSubmit={submit}
        onCancel={onClose}
        isBusy={isBusy}
        refusal={isMissing ? 'Say why first' : undefined}
      >
        {refused && <Refusal refused={refused} />}
        {refused?.isByTests === true && (
          <label className="check-line">
            <input
              type="checkbox"
              checked={isOverriding}
              onChange={({ target }) => setIsOverriding(target.checked)}
            />
            Go live without them: this is written into its history, with the reason
          </label>
        )}
        <Field
          label={needsReason ? 'Reason (needed)' : 'Reason'}
          hint="Others read it in the history of the rule."
        >
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={1024}
              value={reason}
              required={needsReason}
              autoComplete="off"
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}

function Refusal({ refused }: { refused: Extract<ChangeOutcome, { kind: 'refused' }> }) {
  const { issues, message, isByTests } = refused;
  return (
    <div className="refusal" role="alert">
      <p>
        <strong>
          {isByTests ? 'Its tests do not let it go live.' : 'The server does not take it.'}
        </strong>
      </p>
      {issues.length === 0 ? (
        <p>
          <bdi>{message}</bdi>
        </p>
      ) : (
        <ul>
          {issues.map(({ path, message: text }) => (
            <li key={`${path} ${text}`}>
              {path !== '' && <code>{path}</code>} <bdi>{text}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
