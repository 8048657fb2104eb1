import { useState } from 'react';

import type { Inhibition } from '#shared/inhibition/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { ConflictNote } from '#dashboard/shell/part/conflict.tsx';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { MatcherFields } from './matcher-fields.tsx';
import { faultOf } from './matcher-text.ts';
import { newId } from './slug.ts';
import { useKnownValues } from './use-known-values.ts';

interface Props {
  /** The one to change; absent: a new one. */
  inhibition: Inhibition | undefined;
  onClose: () => void;
  onSaved: () => void;
}

/** While one alert is active, others are not told. */
export function InhibitionForm({ inhibition, onClose, onSaved }: Props) {
  const { call, toasts } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const [comment, setComment] = useState(inhibition?.comment ?? '');
  const [source, setSource] = useState(
    inhibition?.source ?? [{ field: 'severity', op: '=' as const, value: 'CRITICAL' }],
  );
  const [target, setTarget] = useState(
    inhibition?.target ?? [{ field: 'severity', op: '=' as const, value: 'WARN' }],
  );
  const [equal, setEqual] = useState((inhibition?.equal ?? ['service']).join(', '));
  const [holdsCritical, setHoldsCritical] = useState(inhibition?.holds_critical ?? false);
  const known = useKnownValues();
  const save = useSave();

  const submit = async () => {
    if ((faultOf(source) ?? faultOf(target)) !== undefined) return;
    const body = {
      inhibition_id: inhibition?.inhibition_id ?? newId(comment),
      comment,
      source,
      target,
      equal: equal.split(/[\s,]+/).filter((field) => field !== ''),
      holds_critical: holdsCritical,
    };
    const isDone = await save.run(() =>
      inhibition
        ? call('inhibitions.replace', { ...body, if_version: inhibition.version })
        : call('inhibitions.create', body),
    );
    if (!isDone) return;
    toasts.say('done', 'The inhibition is saved.');
    onSaved();
  };
  return (
    <Dialog
      title={inhibition ? 'Change an inhibition' : 'New inhibition'}
      isWide
      onClose={onClose}
      actions={false}
    >
      {save.conflict && <ConflictNote conflict={save.conflict} onTakeTheirs={onSaved} />}
      <Form
        verb="Save"
        onSubmit={submit}
        onCancel={onClose}
        isBusy={save.isBusy}
        refusal={refusal}
        error={save.conflict ? undefined : save.error}
      >
        <Field label="Why" error={save.issueAt('comment')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={1024}
              value={comment}
              onChange={({ target: { value } }) => setComment(value)}
            />
          )}
        </Field>
        <MatcherFields
          legend="While an alert is active where"
          matchers={source}
          onChange={setSource}
          known={known}
          error={faultOf(source) ?? save.issueAt('source')}
        />
        <MatcherFields
          legend="do not tell of alerts where"
          matchers={target}
          onChange={setTarget}
          known={known}
          error={faultOf(target) ?? save.issueAt('target')}
        />
        <Field
          label="that agree in"
          hint="Fields, with commas between them: service, labels.cluster. Empty: they need not agree"
          error={save.issueAt('equal') ?? save.issueAt('equal.0')}
        >
          {(control) => (
            <input
              {...control}
              value={equal}
              onChange={({ target: { value } }) => setEqual(value)}
            />
          )}
        </Field>
        <label className="check">
          <input
            type="checkbox"
            checked={holdsCritical}
            onChange={({ target: { checked } }) => setHoldsCritical(checked)}
          />{' '}
          Hold back critical alerts too
        </label>
      </Form>
    </Dialog>
  );
}
