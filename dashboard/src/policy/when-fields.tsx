import { Field } from '#dashboard/shell/part/field.tsx';

import type { PolicyDraft } from './form.tsx';

interface Props {
  draft: PolicyDraft;
  set: (part: Partial<PolicyDraft>) => void;
  isLocked: boolean;
  issueAt: (path: string) => string | undefined;
}

const NUMBERS = [
  { name: 'repeat', label: 'Repeat all steps', hint: 'times, while nobody answers', max: 10 },
  {
    name: 'repeat_delay_minutes',
    label: 'Minutes before a repetition',
    hint: 'empty: the longest of the steps',
    max: 43_200,
  },
  {
    name: 'ack_timeout_minutes',
    label: 'Acknowledged opens again after minutes',
    hint: 'empty: never',
    max: 43_200,
  },
  { name: 'acknowledgements', label: 'People who have to acknowledge', hint: '1 to 5', max: 5 },
] as const;

/** What a policy does besides its steps: repetition, time-outs, grouping. */
export function WhenFields({ draft, set, isLocked, issueAt }: Props) {
  const { grouping } = draft;
  return (
    <fieldset className="fields" disabled={isLocked}>
      <legend>Besides</legend>
      <div className="field-grid">
        {NUMBERS.map(({ name, label, hint, max }) => (
          <Field key={name} label={label} hint={hint} error={issueAt(name)}>
            {(control) => (
              <input
                {...control}
                type="number"
                min={0}
                max={max}
                step={name.endsWith('minutes') ? 'any' : 1}
                value={draft[name] ?? ''}
                onChange={({ target: { value } }) =>
                  set({ [name]: value === '' ? undefined : Number(value) })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={grouping !== undefined}
          onChange={({ target }) =>
            set({ grouping: target.checked ? { by: ['service'] } : undefined })
          }
        />
        Tell alerts that belong together in one message
      </label>
      {grouping && (
        <div className="field-grid">
          <Field
            label="Together by"
            hint="fields, with commas between them"
            error={issueAt('grouping.by')}
          >
            {(control) => (
              <input
                {...control}
                defaultValue={grouping.by?.join(', ')}
                onChange={({ target: { value } }) =>
                  set({
                    grouping: {
                      ...grouping,
                      by: value.split(/[\s,]+/).filter((one) => one !== ''),
                    },
                  })
                }
              />
            )}
          </Field>
          <Field label="First message after seconds" error={issueAt('grouping.wait_seconds')}>
            {(control) => (
              <input
                {...control}
                type="number"
                min={0}
                max={3_600}
                value={grouping.wait_seconds ?? 30}
                onChange={({ target }) =>
                  set({ grouping: { ...grouping, wait_seconds: Number(target.value) } })
                }
              />
            )}
          </Field>
        </div>
      )}
    </fieldset>
  );
}
