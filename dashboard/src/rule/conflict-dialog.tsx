import { useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { JsonDiff } from '#dashboard/editor/json-diff.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { bodyOf, formatRule, writeRule } from './body.ts';
import { attempt } from './change.ts';

interface Props {
  /** What stands there now. */
  current: ListedRule;
  /** The text that was to be saved. */
  mine: string;
  /** There is a rule of this id already. */
  isNew: boolean;
  /** Saves mine over it. */
  run: () => Promise<ListedRule>;
  onDone: (rule: ListedRule) => void;
  onConflict: (current: ListedRule) => void;
  /** Goes on with this text, begun from that version. */
  onTake: (text: string, version: number) => void;
  onClose: () => void;
}

/** Somebody was faster: who, when, and what differs. */
export function ConflictDialog(props: Props) {
  const { current, mine, isNew, run, onDone, onConflict, onTake, onClose } = props;
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const theirs = writeRule(bodyOf(current));
  const overwrite = async () => {
    setIsBusy(true);
    const outcome = await attempt(run);
    setIsBusy(false);
    if (outcome.kind === 'done') onDone(outcome.rule);
    else if (outcome.kind === 'conflict') onConflict(outcome.current);
    else setRefusal(outcome.message);
  };
  return (
    <Dialog
      title={isNew ? 'There is a rule of this id already' : 'Somebody else was faster'}
      isWide
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Keep editing
          </button>
          {!isNew && (
            <>
              <button
                type="button"
                className="button"
                onClick={() => onTake(theirs, current.version)}
              >
                Take theirs
              </button>
              <button
                type="button"
                className="button button-danger"
                disabled={isBusy}
                aria-busy={isBusy}
                onClick={() => void overwrite()}
              >
                Save mine over it
              </button>
            </>
          )}
        </>
      }
    >
      <p>
        <strong>
          <bdi>{actorName(current.author)}</bdi>
        </strong>{' '}
        saved version {current.version} at <When at={current.updated_at} />
        {current.reason !== '' && (
          <>
            : <bdi>{current.reason}</bdi>
          </>
        )}
        . {isNew ? 'Give yours another id.' : 'From theirs to yours it is:'}
      </p>
      {refusal !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{refusal}</bdi>
        </p>
      )}
      <JsonDiff label="From theirs to yours" before={theirs} after={formatRule(mine) ?? mine} />
    </Dialog>
  );
}
