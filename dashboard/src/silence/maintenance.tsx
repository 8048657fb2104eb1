import { useState } from 'react';

import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { actorName, ageWords } from '#dashboard/shell/format.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { Fact } from './list.tsx';
import { MaintenanceForm } from './maintenance-form.tsx';
import { MatcherWords } from './matcher-words.tsx';
import { repeatWords } from './recurrence.ts';
import { Until } from './until.tsx';
import { useRemoval } from './use-removal.ts';

/** Windows of planned work: how they come back, and when next. */
export function Maintenance() {
  const { call } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const list = useResource('maintenance', () => call('maintenance.list', {}));
  const [edited, setEdited] = useState<MaintenanceWindow | 'new'>();
  const close = () => setEdited(undefined);
  const saved = () => {
    close();
    list.reload();
  };
  return (
    <>
      <div className="filter-bar">
        <p className="muted">Work that is planned: alerts of it are told to nobody meanwhile.</p>
        <div className="screen-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => setEdited('new')}
          >
            New maintenance window
          </button>
        </div>
      </div>
      <Loaded what="Maintenance windows" resource={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No maintenance is planned.">
              <p>
                A window mutes alerts while somebody works on purpose, once or every week at the
                same wall time.
              </p>
            </Empty>
          ) : (
            <ul className="cards">
              {items.map((window) => (
                <WindowCard
                  key={window.maintenance_id}
                  window={window}
                  onEdit={() => setEdited(window)}
                  onChanged={list.reload}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited !== undefined && (
        <MaintenanceForm
          window={edited === 'new' ? undefined : edited}
          onClose={close}
          onSaved={saved}
        />
      )}
    </>
  );
}

interface CardProps {
  window: MaintenanceWindow;
  onEdit: () => void;
  onChanged: () => void;
}

function WindowCard({ window, onEdit, onChanged }: CardProps) {
  const { call } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const { maintenance_id, version, comment } = window;
  const next = useResource(`occurrences ${maintenance_id} ${version}`, () =>
    call('maintenance.occurrences', { maintenance_id, count: 3 }),
  );
  const remove = useRemoval(onChanged);
  return (
    <li className="card" data-maintenance-id={maintenance_id}>
      <div className="card-main">
        <p className="card-title">
          <bdi>{comment}</bdi>
        </p>
        <p>
          <MatcherWords matchers={window.matchers} />
        </p>
        <dl className="card-facts">
          <Fact name="Repeats">
            {repeatWords(window.rrule)}, for {ageWords(window.duration_minutes * 60_000)}
          </Fact>
          <Fact name="First">
            {window.starts_at.replace('T', ' ')} <bdi>{window.time_zone}</bdi>
          </Fact>
          <Fact name="By">
            <bdi>{actorName(window.author)}</bdi>
          </Fact>
          <Fact name="Next">
            {next.error && <span className="muted">not known: {next.error.message}</span>}
            {next.value?.items.length === 0 && 'never again'}
            <ul className="occurrences">
              {next.value?.items.map(({ from, to }) => (
                <li key={from}>
                  {Date.parse(from) <= serverNow() ? (
                    <>
                      <strong>under way</strong>, ends <Until at={to} />
                    </>
                  ) : (
                    <Until at={from} />
                  )}
                </li>
              ))}
            </ul>
          </Fact>
        </dl>
      </div>
      <div className="card-actions">
        <button
          type="button"
          className="button"
          disabled={refusal !== undefined}
          title={refusal}
          onClick={onEdit}
        >
          Change
        </button>
        <button
          type="button"
          className="button"
          disabled={refusal !== undefined}
          title={refusal}
          onClick={() =>
            remove({
              title: 'Remove this maintenance window?',
              text: `“${comment}” mutes nothing any more; alerts that it holds back now are told at once.`,
              write: () => call('maintenance.delete', { maintenance_id, if_version: version }),
            })
          }
        >
          Remove
        </button>
      </div>
    </li>
  );
}
