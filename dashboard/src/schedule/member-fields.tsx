import type { Schedule } from '#shared/schedule/schema.ts';

import { Icon } from '#dashboard/shell/icon.tsx';

import type { Destination } from '#dashboard/policy/use-destinations.ts';

type Member = Schedule['members'][number];

interface Props {
  members: readonly Member[];
  onChange: (members: Member[]) => void;
  destinations: readonly Destination[];
  isLocked: boolean;
}

/** Everybody who may be on call, and the channels that reach each of them. */
export function MemberFields({ members, onChange, destinations, isLocked }: Props) {
  const channels = destinations.filter(({ channel }) => channel !== 'schedule');
  const change = (at: number, part: Partial<Member>) =>
    onChange(members.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <fieldset className="fields" disabled={isLocked}>
      <legend>Members</legend>
      {members.map(({ user, targets }, index) => (
        // Members have no id while their names are written.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="member" role="group" aria-label={`Member ${index + 1}`}>
          <input
            aria-label="Name"
            placeholder="name, as they sign in"
            required
            maxLength={128}
            value={user}
            onChange={({ target }) => change(index, { user: target.value })}
          />
          <div className="targets">
            <span>told by</span>
            {targets.map((target) => (
              <span key={target.destination} className="target">
                <bdi>{target.destination}</bdi>
                <button
                  type="button"
                  className="target-remove"
                  aria-label={`Do not tell ${user} by ${target.destination}`}
                  onClick={() =>
                    change(index, { targets: targets.filter((one) => one !== target) })
                  }
                >
                  <Icon name="close" />
                </button>
              </span>
            ))}
            <select
              aria-label={`Tell ${user || `member ${index + 1}`} also by`}
              value=""
              onChange={({ target: { value } }) => {
                const chosen = channels.find(({ destination }) => destination === value);
                if (!chosen || chosen.channel === 'schedule') return;
                const { channel, destination } = chosen;
                change(index, { targets: [...targets, { channel, destination }] });
              }}
            >
              <option value="">add …</option>
              {channels
                .filter((one) => !targets.some((target) => target.destination === one.destination))
                .map((one) => (
                  <option key={one.destination} value={one.destination}>
                    {one.name}
                  </option>
                ))}
            </select>
          </div>
          <button
            type="button"
            className="button button-icon"
            aria-label={`Remove ${user || `member ${index + 1}`}`}
            disabled={members.length === 1}
            title={members.length === 1 ? 'A schedule has at least one member' : undefined}
            onClick={() => onChange(members.filter((_, at) => at !== index))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <div className="form-actions">
        <button
          type="button"
          className="button button-small"
          onClick={() => onChange([...members, { user: '', targets: [] }])}
        >
          Add a member
        </button>
      </div>
    </fieldset>
  );
}
