import type { Layer } from '#shared/schedule/schema.ts';

import { Icon } from '#dashboard/shell/icon.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import { RestrictionFields } from './restriction-fields.tsx';

interface Props {
  layer: Layer;
  number: number;
  people: readonly string[];
  onChange: (layer: Layer) => void;
  /** Absent: the only one. */
  onRemove: (() => void) | undefined;
  isLocked: boolean;
  issueAt: (path: string) => string | undefined;
}

/** People who take turns: in which order, from when on, for how long, at which hours. */
export function LayerFields(props: Props) {
  const { layer, number, people, onChange, onRemove, isLocked, issueAt } = props;
  const set = (part: Partial<Layer>) => onChange({ ...layer, ...part });
  const place = `layers.${number - 1}`;
  return (
    <fieldset className="fields" disabled={isLocked}>
      <legend>Layer {number}</legend>
      <div className="field-grid">
        <Field label="Name" error={issueAt(`${place}.name`)}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={64}
              value={layer.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
        <Field label="First hand-over on" error={issueAt(`${place}.starts_on`)}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              value={layer.starts_on}
              onChange={({ target }) => set({ starts_on: target.value })}
            />
          )}
        </Field>
        <Field label="At">
          {(control) => (
            <input
              {...control}
              type="time"
              required
              value={layer.hand_over_at}
              onChange={({ target }) => set({ hand_over_at: target.value.slice(0, 5) })}
            />
          )}
        </Field>
        <Field label="Turns last" error={issueAt(`${place}.rotation.length`)}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={1}
              max={366}
              required
              value={layer.rotation.length}
              onChange={({ target }) =>
                set({ rotation: { ...layer.rotation, length: Number(target.value) } })
              }
            />
          )}
        </Field>
        <Field label="Unit">
          {(control) => (
            <select
              {...control}
              value={layer.rotation.unit}
              onChange={({ target }) =>
                set({
                  rotation: {
                    ...layer.rotation,
                    unit: target.value as Layer['rotation']['unit'],
                  },
                })
              }
            >
              <option>hours</option>
              <option>days</option>
              <option>weeks</option>
            </select>
          )}
        </Field>
      </div>
      <Turns layer={layer} people={people} set={set} error={issueAt(`${place}.users`)} />
      <RestrictionFields
        restrictions={layer.restrictions ?? []}
        onChange={(restrictions) =>
          set({ restrictions: restrictions.length > 0 ? restrictions : undefined })
        }
      />
      <div className="form-actions">
        <button
          type="button"
          className="button button-small"
          disabled={!onRemove}
          title={onRemove ? undefined : 'A schedule has at least one layer'}
          onClick={onRemove}
        >
          Remove layer {number}
        </button>
      </div>
    </fieldset>
  );
}

interface TurnsProps {
  layer: Layer;
  people: readonly string[];
  set: (part: Partial<Layer>) => void;
  error: string | undefined;
}

function Turns({ layer: { name, users }, people, set, error }: TurnsProps) {
  return (
    <div className="targets">
      <span>In turn</span>
      {users.map((user, index) => (
        // The same person may have two turns in a row of turns.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index} className="target">
          <bdi>{user}</bdi>
          <button
            type="button"
            className="target-remove"
            aria-label={`Take turn ${index + 1} from ${user}`}
            onClick={() => set({ users: users.filter((_, at) => at !== index) })}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <select
        aria-label={`Next turn of ${name || 'the layer'}`}
        value=""
        onChange={({ target: { value } }) => value !== '' && set({ users: [...users, value] })}
      >
        <option value="">add …</option>
        {people.map((user) => (
          <option key={user}>{user}</option>
        ))}
      </select>
      {users.length === 0 && <span className="form-error">nobody yet</span>}
      {error !== undefined && <span className="form-error">{error}</span>}
    </div>
  );
}
