import { useId, useState } from 'react';

import { SEVERITIES } from '#shared/kernel/severity.ts';

import { severityWord } from '#dashboard/shell/badge.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import { type Condition, type Op, OPS, readPattern, writePattern } from './pattern.ts';

type Pattern = Record<string, unknown>;
const FIELDS = ['service', 'severity', 'rule_id', 'category', 'title', 'labels.', 'group.'];
const BARE = new Set<Op>(['present', 'absent']);

interface Props {
  match: Pattern;
  onChange: (match: Pattern) => void;
  known: Readonly<Record<string, readonly string[]>>;
  isLocked: boolean;
  error?: string | undefined;
}

/** Which alerts a policy is for: field by field, or as the pattern that is stored. */
export function MatchFields({ match, onChange, known, isLocked, error }: Props) {
  const [conditions, setConditions] = useState(() => readPattern(match) ?? []);
  const [raw, setRaw] = useState(() => (readPattern(match) ? undefined : pretty(match)));
  const parsed = raw === undefined ? match : parse(raw);
  const setAll = (next: Condition[]) => {
    setConditions(next);
    onChange(writePattern(next.filter(isComplete)));
  };
  const turn = () => {
    if (raw === undefined) return setRaw(pretty(match));
    setConditions((parsed && readPattern(parsed)) ?? []);
    setRaw(undefined);
  };
  const isStuck = raw !== undefined && (parsed === undefined || !readPattern(parsed));
  return (
    <fieldset className="fields" disabled={isLocked}>
      <legend>For alerts where</legend>
      {raw === undefined && conditions.length === 0 && (
        <p className="muted">No condition: every alert that no policy before it took.</p>
      )}
      {raw === undefined &&
        conditions.map((condition, index) => (
          <ConditionRow
            // Conditions have no id; one that is removed takes its row with it.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            condition={condition}
            number={index + 1}
            known={known}
            onChange={(next) => setAll(conditions.map((one, at) => (at === index ? next : one)))}
            onRemove={() => setAll(conditions.filter((_, at) => at !== index))}
          />
        ))}
      {raw !== undefined && (
        <Field
          label="Pattern"
          hint="An EventBridge pattern over the alert"
          error={parsed ? error : 'This is not a JSON object.'}
        >
          {(control) => (
            <textarea
              {...control}
              className="mono"
              rows={8}
              spellCheck={false}
              value={raw}
              onChange={({ target: { value } }) => {
                setRaw(value);
                const read = parse(value);
                if (read) onChange(read);
              }}
            />
          )}
        </Field>
      )}
      {raw === undefined && error !== undefined && <p className="form-error">{error}</p>}
      <div className="form-actions">
        {raw === undefined && (
          <button
            type="button"
            className="button button-small"
            onClick={() =>
              setConditions([...conditions, { field: 'service', op: 'is', values: [] }])
            }
          >
            Add a condition
          </button>
        )}
        <button
          type="button"
          className="button button-small button-quiet"
          disabled={isStuck}
          title={isStuck ? 'The fields cannot show all of this pattern' : undefined}
          onClick={turn}
        >
          {raw === undefined ? 'Write the pattern' : 'Back to fields'}
        </button>
      </div>
    </fieldset>
  );
}

function isComplete({ field, op, values }: Condition): boolean {
  return !field.endsWith('.') && (BARE.has(op) || values.length > 0);
}

function pretty(match: Pattern): string {
  return JSON.stringify(match, undefined, 2);
}

function parse(text: string): Pattern | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Pattern) : undefined;
  } catch {
    return undefined;
  }
}

interface RowProps {
  condition: Condition;
  number: number;
  known: Readonly<Record<string, readonly string[]>>;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

function ConditionRow({ condition, number, known, onChange, onRemove }: RowProps) {
  const id = useId();
  const { field, op, values } = condition;
  const [text, setText] = useState(values.join(', '));
  const kind = FIELDS.find((one) => field === one || (one.endsWith('.') && field.startsWith(one)));
  const offered = known[field] ?? [];
  const write = (value: string) => {
    setText(value);
    const parts = value.split(',').map((part) => part.trim());
    onChange({ ...condition, values: parts.filter((part) => part !== '') });
  };
  return (
    <div className="matcher-row" role="group" aria-label={`Condition ${number}`}>
      <select
        aria-label="Field"
        value={kind ?? field}
        onChange={({ target }) => {
          setText('');
          onChange({ field: target.value, op, values: [] });
        }}
      >
        {(kind === undefined ? [...FIELDS, field] : FIELDS).map((one) => (
          <option key={one} value={one}>
            {{ rule_id: 'rule', 'labels.': 'label', 'group.': 'group' }[one] ?? one}
          </option>
        ))}
      </select>
      {kind?.endsWith('.') === true && (
        <input
          aria-label="Name"
          placeholder="name"
          required
          value={field.slice(kind.length)}
          onChange={({ target }) => onChange({ ...condition, field: `${kind}${target.value}` })}
        />
      )}
      <select
        aria-label="Comparison"
        value={op}
        onChange={({ target }) => onChange({ ...condition, op: target.value as Op })}
      >
        {Object.entries(OPS).map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      {field === 'severity' && (op === 'is' || op === 'is-not') ? (
        <span className="severity-choice">
          {SEVERITIES.map((severity) => (
            <label key={severity} className="check">
              <input
                type="checkbox"
                checked={values.includes(severity)}
                onChange={() =>
                  onChange({
                    ...condition,
                    values: SEVERITIES.filter((one) => values.includes(one) !== (one === severity)),
                  })
                }
              />
              {severityWord(severity)}
            </label>
          ))}
        </span>
      ) : (
        !BARE.has(op) && (
          <input
            aria-label="Values"
            placeholder="values, with commas between them"
            required
            list={offered.length > 0 ? id : undefined}
            value={text}
            onChange={({ target }) => write(target.value)}
          />
        )
      )}
      <datalist id={id}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button
        type="button"
        className="button button-icon"
        aria-label={`Remove condition ${number}`}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
