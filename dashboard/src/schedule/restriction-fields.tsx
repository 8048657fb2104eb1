import type { Restriction } from '#shared/schedule/schema.ts';
import type * as z from 'zod';

import { Icon } from '#dashboard/shell/icon.tsx';

type Hours = z.infer<typeof Restriction>;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

interface Props {
  restrictions: readonly Hours[];
  onChange: (restrictions: Hours[]) => void;
}

/** Hours of the week in which a layer is on call; none means at all times. */
export function RestrictionFields({ restrictions, onChange }: Props) {
  const change = (at: number, part: Partial<Hours>) =>
    onChange(restrictions.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <div className="restrictions">
      <p className="form-hint">
        {restrictions.length === 0
          ? 'At all times.'
          : 'Only at these hours; an end before its start is on the next day.'}
      </p>
      {restrictions.map(({ weekdays, from, to }, index) => (
        // Hours have no id; one that is removed takes its row with it.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="matcher-row" role="group" aria-label={`Hours ${index + 1}`}>
          <div className="chips">
            {DAYS.map((name, day) => (
              <button
                key={name}
                type="button"
                className="chip"
                aria-pressed={weekdays.includes(day + 1)}
                onClick={() => {
                  const next = DAYS.map((_, one) => one + 1).filter(
                    (one) => weekdays.includes(one) !== (one === day + 1),
                  );
                  if (next.length > 0) change(index, { weekdays: next });
                }}
              >
                {name}
              </button>
            ))}
          </div>
          <input
            type="time"
            aria-label="From"
            required
            value={from}
            onChange={({ target }) => change(index, { from: target.value.slice(0, 5) })}
          />
          <input
            type="time"
            aria-label="To"
            required
            value={to}
            onChange={({ target }) => change(index, { to: target.value.slice(0, 5) })}
          />
          <button
            type="button"
            className="button button-icon"
            aria-label={`Remove hours ${index + 1}`}
            onClick={() => onChange(restrictions.filter((_, at) => at !== index))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button button-small"
        onClick={() =>
          onChange([...restrictions, { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }])
        }
      >
        Limit to hours
      </button>
    </div>
  );
}
