import { useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

const OUTCOMES = {
  created: 'will be new',
  updated: 'will change',
  unchanged: 'stays as it is',
  refused: 'is refused',
} as const;

/** Policies from a document: first what would come of each, then all of them or none. */
export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { call, toasts } = useApp();
  const [text, setText] = useState('');
  const [plan, setPlan] = useState<OperationResult<'escalations.import'>>();
  const save = useSave();
  const policies = readPolicies(text);
  const isRefused = plan?.items.some(({ outcome }) => outcome === 'refused') === true;
  const submit = () =>
    save.run(async () => {
      const result = await call('escalations.import', {
        policies: policies ?? [],
        dry_run: plan === undefined,
      });
      setPlan(result);
      if (!result.applied) return;
      toasts.say('done', `${result.items.length} policies imported.`);
      onDone();
    });
  const change = (next: string) => {
    setText(next);
    setPlan(undefined);
  };
  const refusal = !policies ? 'Paste or choose a document first' : 'One of them is refused';
  return (
    <Dialog title="Import policies" isWide onClose={onClose} actions={false}>
      <Form
        verb={plan ? 'Import' : 'Check'}
        onSubmit={submit}
        onCancel={onClose}
        isBusy={save.isBusy}
        refusal={!policies || isRefused ? refusal : undefined}
        error={save.error}
      >
        <Field label="File">
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".json,application/json"
              onChange={({ target }) => void target.files?.[0]?.text().then(change)}
            />
          )}
        </Field>
        <Field
          label="Document"
          hint="As exported, or a JSON list of policies"
          error={text !== '' && !policies ? 'This holds no policies.' : undefined}
        >
          {(control) => (
            <textarea
              {...control}
              className="mono"
              rows={10}
              spellCheck={false}
              value={text}
              onChange={({ target }) => change(target.value)}
            />
          )}
        </Field>
        {plan && (
          <ul className="step-lines" aria-label="What comes of each">
            {plan.items.map(({ index, policy_id, outcome, issues }) => (
              <li key={index}>
                <bdi>{policy_id ?? `Policy ${index + 1}`}</bdi> {OUTCOMES[outcome]}
                {issues.map(({ path, message }) => (
                  <p key={path} className="form-error">
                    <bdi>
                      {path}: {message}
                    </bdi>
                  </p>
                ))}
              </li>
            ))}
          </ul>
        )}
      </Form>
    </Dialog>
  );
}

function readPolicies(text: string): unknown[] | undefined {
  try {
    const value = JSON.parse(text) as { policies?: unknown } | null;
    const list = Array.isArray(value) ? value : value?.policies;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
