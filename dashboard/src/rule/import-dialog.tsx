import { useRef, useState } from 'react';
import { Link } from 'wouter';

import type { ImportResult } from '#shared/rule/document-schema.ts';
import type * as z from 'zod';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import { readDocument } from './read-document.ts';

type Result = z.infer<typeof ImportResult>;

const OUTCOMES = {
  created: 'will be new',
  updated: 'will change',
  unchanged: 'stays as it is',
  refused: 'is refused',
} as const;

/** Takes rules from a file or from text: first says what would come of each, then does it. */
export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { call, toasts } = useApp();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  const [result, setResult] = useState<Result>();
  const [isBusy, setIsBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const change = (next: string) => {
    setText(next);
    setError(undefined);
    setResult(undefined);
  };
  const send = async (isDry: boolean) => {
    setError(undefined);
    setIsBusy(true);
    try {
      const answer = await call('rules.import', {
        rules: readDocument(text),
        dry_run: isDry,
        ...(reason.trim() !== '' && { reason: reason.trim() }),
      });
      setResult(answer);
      if (!answer.applied) return;
      const count = answer.items.filter(({ outcome }) => outcome !== 'unchanged').length;
      toasts.say('done', `${count} of ${answer.items.length} rules were changed.`);
      onDone();
    } catch (failure) {
      setError(reasonOf(failure));
    } finally {
      setIsBusy(false);
    }
  };
  const isRefused = result?.items.some(({ outcome }) => outcome === 'refused') === true;
  const isNothing = result?.items.every(({ outcome }) => outcome === 'unchanged') === true;
  return (
    <Dialog
      title="Import rules"
      isWide
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className={`button ${result ? '' : 'button-primary'}`}
            disabled={isBusy || text.trim() === ''}
            onClick={() => void send(true)}
          >
            See what would happen
          </button>
          <button
            type="button"
            className={`button ${result ? 'button-primary' : ''}`}
            disabled={isBusy || !result || isRefused || isNothing}
            title={refusalOf(result, isRefused, isNothing)}
            onClick={() => void send(false)}
          >
            Import
          </button>
        </>
      }
    >
      <div className="form">
        <div>
          <input
            ref={file}
            type="file"
            className="hidden"
            accept=".json,application/json"
            aria-label="File with rules"
            tabIndex={-1}
            onChange={({ target }) => void target.files?.[0]?.text().then(change)}
          />
          <button type="button" className="button" onClick={() => file.current?.click()}>
            Choose a file
          </button>
        </div>
        <Field
          label="Or paste rules"
          hint="An exported document, an array of rules, or one rule."
          error={error}
        >
          {(control) => (
            <textarea
              {...control}
              className="code-area"
              rows={8}
              spellCheck={false}
              value={text}
              onChange={({ target }) => change(target.value)}
            />
          )}
        </Field>
        <Field label="Reason" hint="For rules that state none of their own.">
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={1024}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
        {result && <Outcomes result={result} />}
      </div>
    </Dialog>
  );
}

function refusalOf(result: Result | undefined, isRefused: boolean, isNothing: boolean) {
  if (!result) return 'First see what would happen';
  if (isRefused) return 'One refused rule keeps all of them out';
  return isNothing ? 'All of them stand there already' : undefined;
}

function Outcomes({ result }: { result: Result }) {
  return (
    <div className="import-result" role="status">
      <table className="table">
        <caption className="hidden">What comes of each rule</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {result.items.map(({ index, rule_id, outcome, version, issues }) => (
            <tr key={index}>
              <td>
                {rule_id !== undefined && outcome !== 'created' && outcome !== 'refused' ? (
                  <Link href={`/rules/${rule_id}`}>
                    <code>{rule_id}</code>
                  </Link>
                ) : (
                  <code>{rule_id ?? `no. ${index + 1}`}</code>
                )}
              </td>
              <td>
                <span className={outcome === 'refused' ? 'is-bad' : ''}>{OUTCOMES[outcome]}</span>
                {version !== undefined && <span className="muted">, version {version}</span>}
                {issues.map(({ path, message }) => (
                  <p key={`${path} ${message}`} className="is-bad">
                    {path !== '' && <code>{path}</code>} <bdi>{message}</bdi>
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
