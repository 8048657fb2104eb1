import type { EscalationPolicy } from '#shared/escalation/schema.ts';

import { Icon } from '#dashboard/shell/icon.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import { targetWords } from './step-words.ts';
import type { Destination } from './use-destinations.ts';

type Step = EscalationPolicy['steps'][number];

interface Props {
  steps: readonly Step[];
  onChange: (steps: Step[]) => void;
  destinations: readonly Destination[] | undefined;
  isLocked: boolean;
  issueAt: (path: string) => string | undefined;
}

/** Who is told first, who next, and after how long. */
export function StepFields({ steps, onChange, destinations, isLocked, issueAt }: Props) {
  const change = (at: number, step: Step) =>
    onChange(steps.map((one, index) => (index === at ? step : one)));
  const move = (at: number, by: number) => {
    const next = [...steps];
    const [step] = next.splice(at, 1);
    next.splice(at + by, 0, step!);
    onChange(next);
  };
  return (
    <fieldset className="fields" disabled={isLocked}>
      <legend>Steps</legend>
      <ol className="steps">
        {steps.map((step, index) => (
          // Steps have no id; their order is what they are.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="step" data-step={index + 1}>
            <div className="step-head">
              <strong>Step {index + 1}</strong>
              <span className="step-moves">
                <button
                  type="button"
                  className="button button-small"
                  disabled={index === 0}
                  aria-label={`Move step ${index + 1} up`}
                  onClick={() => move(index, -1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="button button-small"
                  disabled={index === steps.length - 1}
                  aria-label={`Move step ${index + 1} down`}
                  onClick={() => move(index, 1)}
                >
                  ↓
                </button>
                <button
                  type="button"
                  className="button button-small"
                  disabled={steps.length === 1}
                  title={steps.length === 1 ? 'A policy has at least one step' : undefined}
                  aria-label={`Remove step ${index + 1}`}
                  onClick={() => onChange(steps.filter((_, at) => at !== index))}
                >
                  Remove
                </button>
              </span>
            </div>
            <Field
              label={
                index === 0 ? 'Minutes after the alert opens' : 'Minutes after the step before'
              }
              error={issueAt(`steps.${index}.delay_minutes`)}
            >
              {(control) => (
                <input
                  {...control}
                  type="number"
                  min={0}
                  max={43_200}
                  step="any"
                  required
                  value={step.delay_minutes}
                  onChange={({ target }) =>
                    change(index, { ...step, delay_minutes: Number(target.value) })
                  }
                />
              )}
            </Field>
            <Targets
              step={step}
              number={index + 1}
              destinations={destinations}
              onChange={(next) => change(index, next)}
            />
            {issuesOf(step, index, issueAt).map((issue) => (
              <p key={issue} className="form-error">
                {issue}
              </p>
            ))}
          </li>
        ))}
      </ol>
      <div className="form-actions">
        <button
          type="button"
          className="button button-small"
          disabled={steps.length >= 20}
          onClick={() => onChange([...steps, { delay_minutes: 10, targets: [] }])}
        >
          Add a step
        </button>
      </div>
    </fieldset>
  );
}

function issuesOf(step: Step, index: number, issueAt: Props['issueAt']): string[] {
  const places = step.targets.map((_, at) => `steps.${index}.targets.${at}.destination`);
  return [`steps.${index}.targets`, ...places].flatMap((place) => issueAt(place) ?? []);
}

function keyOf({ channel, destination }: Step['targets'][number]): string {
  return `${channel} ${destination}`;
}

function Targets(props: {
  step: Step;
  number: number;
  destinations: readonly Destination[] | undefined;
  onChange: (step: Step) => void;
}) {
  const { step, number, destinations = [], onChange } = props;
  const isOf = (a: Step['targets'][number], b: Step['targets'][number]) =>
    a.channel === b.channel && a.destination === b.destination;
  const nameOf = (target: Step['targets'][number]) =>
    destinations.find((one) => isOf(one, target))?.name ?? targetWords(target);
  const free = destinations.filter((one) => !step.targets.some((target) => isOf(one, target)));
  return (
    <div className="targets">
      <span>Tells</span>
      {step.targets.map((target) => (
        <span key={keyOf(target)} className="target">
          <bdi>{nameOf(target)}</bdi>
          <button
            type="button"
            className="target-remove"
            aria-label={`Do not tell ${nameOf(target)} in step ${number}`}
            onClick={() =>
              onChange({ ...step, targets: step.targets.filter((one) => one !== target) })
            }
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {step.targets.length === 0 && <span className="form-error">nobody yet</span>}
      <select
        aria-label={`Tell also in step ${number}`}
        value=""
        disabled={free.length === 0}
        onChange={({ target: { value } }) => {
          const chosen = free.find((one) => keyOf(one) === value);
          if (!chosen) return;
          const { channel, destination } = chosen;
          onChange({ ...step, targets: [...step.targets, { channel, destination }] });
        }}
      >
        <option value="">add …</option>
        {free.map((one) => (
          <option key={keyOf(one)} value={keyOf(one)}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}
