import { useId, useState } from 'react';

import { SEVERITIES } from '#shared/kernel/severity.ts';
import type { Matcher } from '#shared/silence/schema.ts';

import { severityWord } from '#dashboard/shell/badge.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import { FIELDS, fieldWords, OP_WORDS, readMatchers } from './matcher-text.ts';

interface Props {
  /** What the conditions are asked of. */
  legend: string;
  matchers: readonly Matcher[];
  onChange: (matchers: Matcher[]) => void;
  /** What to offer while a value is written. */
  known?: Readonly<Record<string, readonly string[]>>;
  error?: string | undefined;
}

/** Conditions field by field, all of which have to hold; or as the JSON that is stored. */
export function MatcherFields({ legend, matchers, onChange, known = {}, error }: Props) {
  const [raw, setRaw] = useState<string>();
  const change = (at: number, next: Matcher) =>
    onChange(matchers.map((one, index) => (index === at ? next : one)));
  const isWrong = raw !== undefined && !readMatchers(raw);
  const writeRaw = (text: string) => {
    setRaw(text);
    const read = readMatchers(text);
    if (read) onChange(read);
  };
  return (
    <fieldset className="fields">
      <legend>{legend}</legend>
      {raw === undefined ? (
        <>
          {matchers.map((matcher, index) => (
            <MatcherRow
              // Conditions have no id; one that is removed takes its row with it.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              matcher={matcher}
              number={index + 1}
              known={known}
              onChange={(next) => change(index, next)}
              onRemove={
                matchers.length > 1
                  ? () => onChange(matchers.filter((_, at) => at !== index))
                  : undefined
              }
            />
          ))}
        </>
      ) : (
        <Field
          label={`${legend}, as JSON`}
          hint='A list of {"field", "op", "value"}; op is =, !=, =~ or !~'
          error={isWrong ? 'This is not a list of conditions.' : undefined}
        >
          {(control) => (
            <textarea
              {...control}
              className="mono"
              rows={6}
              spellCheck={false}
              value={raw}
              onChange={({ target }) => writeRaw(target.value)}
            />
          )}
        </Field>
      )}
      {error !== undefined && <p className="form-error">{error}</p>}
      <div className="form-actions">
        {raw === undefined && (
          <button
            type="button"
            className="button button-small"
            disabled={matchers.length >= 20}
            onClick={() => onChange([...matchers, { field: 'labels.', op: '=', value: '' }])}
          >
            Add a condition
          </button>
        )}
        <button
          type="button"
          className="button button-small button-quiet"
          disabled={isWrong}
          title={isWrong ? 'Mend the JSON first' : undefined}
          onClick={() =>
            setRaw(raw === undefined ? JSON.stringify(matchers, undefined, 2) : undefined)
          }
        >
          {raw === undefined ? 'Write as JSON' : 'Back to fields'}
        </button>
      </div>
    </fieldset>
  );
}

interface RowProps {
  matcher: Matcher;
  number: number;
  known: Readonly<Record<string, readonly string[]>>;
  onChange: (matcher: Matcher) => void;
  onRemove: (() => void) | undefined;
}

function MatcherRow({ matcher, number, known, onChange, onRemove }: RowProps) {
  const id = useId();
  const { field, op, value } = matcher;
  const kind = FIELDS.find((one) => field === one || (one.endsWith('.') && field.startsWith(one)));
  const isNamed = kind?.endsWith('.') === true;
  const offered = known[field] ?? [];
  return (
    <div className="matcher-row" role="group" aria-label={`Condition ${number}`}>
      <select
        aria-label="Field"
        value={kind}
        onChange={({ target }) => onChange({ field: target.value, op, value: '' })}
      >
        {FIELDS.map((one) => (
          <option key={one} value={one}>
            {fieldWords(one).trim()}
          </option>
        ))}
      </select>
      {isNamed && (
        <input
          aria-label="Name"
          placeholder="name"
          required
          maxLength={128}
          value={field.slice(kind.length)}
          onChange={({ target }) => onChange({ field: `${kind}${target.value}`, op, value })}
        />
      )}
      <select
        aria-label="Comparison"
        value={op}
        onChange={({ target }) => onChange({ field, op: target.value as Matcher['op'], value })}
      >
        {Object.entries(OP_WORDS).map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      {field === 'severity' && (op === '=' || op === '!=') ? (
        <select
          aria-label="Value"
          value={value}
          onChange={({ target }) => onChange({ field, op, value: target.value })}
        >
          <option value="">choose …</option>
          {SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {severityWord(severity)}
            </option>
          ))}
        </select>
      ) : (
        <input
          aria-label="Value"
          placeholder={op === '=~' || op === '!~' ? 'expression, of the whole value' : 'value'}
          maxLength={1024}
          list={offered.length > 0 ? id : undefined}
          value={value}
          onChange={({ target }) => onChange({ field, op, value: target.value })}
        />
      )}
      {offered.length > 0 && (
        <datalist id={id}>
          {offered.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      <button
        type="button"
        className="button button-icon"
        aria-label={`Remove condition ${number}`}
        disabled={onRemove === undefined}
        title={onRemove ? undefined : 'One condition is needed'}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
