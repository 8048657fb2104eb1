import type { Schedule } from '#shared/schedule/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';

import { bodyOf } from './body.ts';
import { wallWords } from './zone.ts';

interface Props {
  schedule: Schedule;
  zone: string;
  onAdd: () => void;
  onChanged: () => void;
}

/** Who stands in for whom, from now on. */
export function OverrideList({ schedule, zone, onAdd, onChanged }: Props) {
  const { call, asks, toasts } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const { overrides, version } = schedule;
  const coming = overrides.filter(({ to }) => Date.parse(to) > serverNow());
  const remove = ({ override_id, user }: Schedule['overrides'][number]) =>
    asks.ask({
      title: 'Remove this override?',
      text: `Then the layers say again who is on call, and not ${user}.`,
      verb: 'Remove',
      isDanger: true,
      onConfirm: async () => {
        try {
          await call('schedules.replace', {
            ...bodyOf(schedule),
            overrides: overrides.filter((one) => one.override_id !== override_id),
            if_version: version,
          });
        } catch (error) {
          toasts.say('failed', `Not removed: ${reasonOf(error)}`);
        } finally {
          onChanged();
        }
      },
    });
  return (
    <section className="panel" aria-labelledby="overrides-title">
      <h2 id="overrides-title">Overrides</h2>
      {coming.length === 0 && <p className="muted">Nobody stands in for anybody.</p>}
      <ul className="gaps">
        {coming.map((override) => (
          <li key={override.override_id}>
            <p>
              <strong>
                <bdi>{override.user}</bdi>
              </strong>{' '}
              {wallWords(override.from, zone)} – {wallWords(override.to, zone)}{' '}
              {override.reason !== '' && <bdi className="muted">{override.reason}</bdi>}
            </p>
            <button
              type="button"
              className="button button-small"
              disabled={refusal !== undefined}
              title={refusal}
              aria-label={`Remove the override of ${override.user}`}
              onClick={() => remove(override)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button"
        disabled={refusal !== undefined}
        title={refusal}
        onClick={onAdd}
      >
        Add an override
      </button>
    </section>
  );
}
