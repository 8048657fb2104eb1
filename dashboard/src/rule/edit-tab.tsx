import { useRef, useState } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { JsonEditor } from '#dashboard/editor/json-editor.tsx';
import type { EditorHandle } from '#dashboard/editor/mount.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { useKeys } from '#dashboard/shell/key/use-keys.ts';

import { formatRule, readRule } from './body.ts';
import { type Change, ChangeDialog } from './change-dialog.tsx';
import { type Check, CheckReport, useCheck } from './check.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import type { Draft } from './draft.ts';

interface Props {
  /** Absent for a rule that is new. */
  stored: ListedRule | undefined;
  draft: Draft;
  isChanged: boolean;
  onWrite: (text: string) => void;
  onDiscard: () => void;
  onBegin: (draft: Draft) => void;
  onSaved: (rule: ListedRule) => void;
}

/** The rule as text, with what is wrong with it, and the way to save it. */
export function EditTab({ stored, draft, isChanged, onWrite, onDiscard, onBegin, onSaved }: Props) {
  const { call, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.policy.write');
  const schema = useResource('rule schema', () => call('rules.schema', {}));
  const editor = useRef<Pick<EditorHandle, 'go' | 'recheck'>>(null);
  /** Where the focus goes from the editor, so that Tab goes on from there. */
  const after = useRef<HTMLDivElement>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [conflict, setConflict] = useState<{ current: ListedRule; reason: string }>();
  const asked = useRef<Change>({ reason: '' });
  const { check, report } = useCheck(stored?.rule_id);
  const refusal = refusalOf(title, stored !== undefined && !isChanged, draft.text, report);

  const run = (change: Change, version = draft.version) => {
    asked.current = change;
    const body = readRule(draft.text)!;
    if (!stored) return call('rules.create', { ...body, ...change });
    const { rule_id } = stored;
    return call('rules.replace', { ...body, ...change, rule_id, if_version: version });
  };
  const save = () => {
    if (refusal === undefined) setIsSaving(true);
    else toasts.say('failed', `Not saved: ${refusal}.`);
  };
  useKeys([{ keys: 'Mod+s', what: 'Save the rule', group: 'Rule', run: save }]);
  const format = () => {
    const text = formatRule(draft.text);
    if (text === undefined)
      toasts.say('failed', 'This is not JSON yet, so it cannot be formatted.');
    else onWrite(text);
  };
  return (
    <>
      <div className="rule-tools">
        <button
          type="button"
          className="button"
          disabled={!isAllowed}
          title={title}
          onClick={format}
        >
          Format
        </button>
        <button
          type="button"
          className="button"
          disabled={!isAllowed || !isChanged}
          title={title ?? (isChanged ? undefined : 'Nothing was changed')}
          onClick={onDiscard}
        >
          Discard changes
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={refusal !== undefined}
          title={refusal}
          onClick={save}
        >
          {stored ? 'Save' : 'Create rule'}
        </button>
        <p className="muted rule-keys">
          <kbd>Ctrl</kbd> <kbd>Space</kbd> completes, <kbd>Tab</kbd> indents, <kbd>Esc</kbd> leaves
          the editor, <kbd>Ctrl</kbd> <kbd>S</kbd> saves
        </p>
      </div>
      <JsonEditor
        ref={editor}
        text={draft.text}
        label="Rule as JSON"
        isReadOnly={!isAllowed}
        schema={schema.value}
        {...(isAllowed && { check })}
        onChange={onWrite}
        onSave={save}
        onLeave={() => after.current?.focus()}
      />
      <div ref={after} tabIndex={-1} className="after-editor">
        {isAllowed && <CheckReport report={report} onGo={(path) => editor.current?.go(path)} />}
      </div>
      {isSaving && (
        <ChangeDialog
          title={stored ? `Save ${stored.name}` : 'Create the rule'}
          verb={stored ? 'Save' : 'Create'}
          run={run}
          onDone={(rule) => {
            setIsSaving(false);
            onSaved(rule);
          }}
          onConflict={(current) => {
            setIsSaving(false);
            setConflict({ current, reason: asked.current.reason });
          }}
          onRefused={() => editor.current?.recheck()}
          onClose={() => setIsSaving(false)}
        />
      )}
      {conflict && (
        <ConflictDialog
          current={conflict.current}
          mine={draft.text}
          isNew={!stored}
          run={() => run(asked.current, conflict.current.version)}
          onDone={(rule) => {
            setConflict(undefined);
            onSaved(rule);
          }}
          onConflict={(current) => setConflict({ current, reason: conflict.reason })}
          onTake={(text, version) => {
            setConflict(undefined);
            onBegin({ text, version });
          }}
          onClose={() => setConflict(undefined)}
        />
      )}
    </>
  );
}

/** Why it cannot be saved now. */
function refusalOf(
  missing: string | undefined,
  isSame: boolean,
  text: string,
  report: Check,
): string | undefined {
  if (missing !== undefined) return missing;
  if (isSame) return 'Nothing was changed';
  if (readRule(text) === undefined) return 'This is not a JSON object yet';
  const isRenamed = report.kind === 'wrong' && report.issues.some(({ isId }) => isId);
  return isRenamed ? 'The id of a rule stays as it is' : undefined;
}
