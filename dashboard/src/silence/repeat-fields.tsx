import { Field } from '#dashboard/shell/part/field.tsx';

import { NTH, type Repeat, WEEKDAYS } from './recurrence.ts';

const NAMES = { ONCE: 'once', DAILY: 'every day', WEEKLY: 'every week', MONTHLY: 'every month' };

/** How a window comes back, without anybody writing a rule of RFC 5545. */
export function RepeatFields({
  repeat,
  onChange,
}: {
  repeat: Repeat;
  onChange: (repeat: Repeat) => void;
}) {
  const { freq, interval, days, on, until } = repeat;
  const comesBack = freq !== 'ONCE' && freq !== 'OTHER';
  const unit = { ONCE: '', OTHER: '', DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months' }[freq];
  return (
    <fieldset className="fields">
      <legend>Repeats</legend>
      <div className="field-grid">
        <Field label="How often">
          {(control) => (
            <select
              {...control}
              value={freq}
              onChange={({ target }) =>
                onChange({ ...repeat, freq: target.value as Repeat['freq'] })
              }
            >
              {Object.entries(NAMES).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
              {freq === 'OTHER' && <option value="OTHER">by its own rule ({repeat.text})</option>}
            </select>
          )}
        </Field>
        {comesBack && (
          <Field label={`Every … ${unit}`}>
            {(control) => (
              <input
                {...control}
                type="number"
                min={1}
                max={366}
                required
                value={interval}
                onChange={({ target }) => onChange({ ...repeat, interval: Number(target.value) })}
              />
            )}
          </Field>
        )}
        {freq === 'MONTHLY' && (
          <MonthDay on={on} onChange={(next) => onChange({ ...repeat, on: next })} />
        )}
        {comesBack && (
          <Field label="Last date (optional)">
            {(control) => (
              <input
                {...control}
                type="date"
                value={until}
                onChange={({ target }) => onChange({ ...repeat, until: target.value })}
              />
            )}
          </Field>
        )}
      </div>
      {freq === 'WEEKLY' && (
        <div className="chips" role="group" aria-label="On">
          {WEEKDAYS.map(([word, name]) => (
            <button
              key={word}
              type="button"
              className="chip"
              aria-pressed={days.includes(word)}
              aria-label={name}
              onClick={() =>
                onChange({
                  ...repeat,
                  days: WEEKDAYS.map(([one]) => one).filter(
                    (one) => days.includes(one) !== (one === word),
                  ),
                })
              }
            >
              {name.slice(0, 3)}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

function MonthDay({ on, onChange }: { on: string; onChange: (on: string) => void }) {
  return (
    <Field label="On">
      {(control) => (
        <select {...control} value={on} onChange={({ target }) => onChange(target.value)}>
          <option value="">the day it starts on</option>
          <option value="-1">the last day</option>
          {Array.from({ length: 31 }, (_, index) => String(index + 1)).map((day) => (
            <option key={day} value={day}>
              day {day}
            </option>
          ))}
          {NTH.map(([nth, which]) => (
            <optgroup key={nth} label={`the ${which} …`}>
              {WEEKDAYS.map(([word, name]) => (
                <option key={word} value={`${nth}${word}`}>
                  the {which} {name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
