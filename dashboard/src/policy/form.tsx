import { useState } from 'react';

import type { EscalationPolicy } from '#shared/escalation/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { useLeaveGuard } from '#dashboard/shell/leave.ts';
import { ConflictNote } from '#dashboard/shell/part/conflict.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';
import { slugOf } from '#dashboard/silence/slug.ts';
import { useKnownValues } from '#dashboard/silence/use-known-values.ts';

import { MatchFields } from './match-fields.tsx';
import { StepFields } from './step-fields.tsx';
import { useDestinations } from './use-destinations.ts';
import { useDone } from './use-done.ts';
import { bodyOf, type PolicyBody } from './use-policies.ts';
import { useWritePolicy } from './use-write-policy.ts';
import { WhenFields } from './when-fields.tsx';

interface Props {
  /** The one to change; absent: a new one. */
  policy: EscalationPolicy | undefined;
  onSaved: (policyId: string) => void;
  onReload: () => void;
}

export type PolicyDraft = PolicyBody & Pick<EscalationPolicy, 'match' | 'steps'>;

const BLANK: PolicyDraft = {
  policy_id: '',
  name: '',
  match: {},
  order: 50,
  steps: [{ delay_minutes: 0, targets: [] }],
  enabled: true,
};

/** Whom a policy is for and what it does, as a form; readable by everybody. */
export function PolicyForm({ policy, onSaved, onReload }: Props) {
  const { toasts } = useApp();
  const { isAllowed, title: refusal } = useScope('sentry.policy.write');
  const [draft, setDraft] = useState<PolicyDraft>(() =>
    policy ? { ...bodyOf(policy), match: policy.match, steps: policy.steps } : BLANK,
  );
  const [isChanged, setChanged] = useState(false);
  const set = (part: Partial<PolicyDraft>) => {
    setDraft((held) => ({ ...held, ...part }));
    setChanged(true);
  };
  const destinations = useDestinations();
  const known = useKnownValues();
  const save = useSave();
  const done = useDone(onSaved);
  const write = useWritePolicy();
  useLeaveGuard(isChanged ? 'What you changed of this policy is not saved.' : undefined);
  const nobody = draft.steps.findIndex(({ targets }) => targets.length === 0);
  const id = policy ? draft.policy_id : draft.policy_id || slugOf(draft.name);

  const submit = async () => {
    if (nobody >= 0) return;
    if (!(await save.run(() => write({ ...draft, policy_id: id }, policy)))) return;
    setChanged(false);
    toasts.say('done', 'The policy is saved and holds for every alert from now on.');
    done(id);
  };
  return (
    <>
      {save.conflict && <ConflictNote conflict={save.conflict} onTakeTheirs={onReload} />}
      <Form
        verb={policy ? 'Save' : 'Make the policy'}
        onSubmit={submit}
        isBusy={save.isBusy}
        refusal={refusal ?? (nobody >= 0 ? `Step ${nobody + 1} tells nobody yet` : undefined)}
        error={save.conflict ? undefined : save.error}
      >
        <fieldset className="bare" disabled={!isAllowed}>
          <div className="field-grid">
            <Field label="Name" error={save.issueAt('name')}>
              {(control) => (
                <input
                  {...control}
                  required
                  maxLength={128}
                  value={draft.name}
                  onChange={({ target }) => set({ name: target.value })}
                />
              )}
            </Field>
            {!policy && (
              <Field label="Id" hint="a-z, 0-9 and -" error={save.issueAt('policy_id')}>
                {(control) => (
                  <input
                    {...control}
                    required
                    pattern="[a-z0-9][a-z0-9\-]*"
                    maxLength={64}
                    value={id}
                    onChange={({ target }) => set({ policy_id: target.value })}
                  />
                )}
              </Field>
            )}
            <Field label="Order" hint="The first that matches, from low to high, is the alert's">
              {(control) => (
                <input
                  {...control}
                  type="number"
                  min={0}
                  max={1_000_000}
                  required
                  value={draft.order}
                  onChange={({ target }) => set({ order: Number(target.value) })}
                />
              )}
            </Field>
          </div>
          <label className="check">
            <input
              type="checkbox"
              checked={draft.enabled ?? true}
              onChange={({ target }) => set({ enabled: target.checked })}
            />
            Enabled
          </label>
        </fieldset>
        <MatchFields
          match={draft.match}
          onChange={(match) => set({ match })}
          known={known}
          isLocked={!isAllowed}
          error={save.issueAt('match')}
        />
        <StepFields
          steps={draft.steps}
          onChange={(steps) => set({ steps })}
          destinations={destinations}
          isLocked={!isAllowed}
          issueAt={save.issueAt}
        />
        <WhenFields draft={draft} set={set} isLocked={!isAllowed} issueAt={save.issueAt} />
      </Form>
    </>
  );
}
