import { Link, useLocation } from 'wouter';

import type { Schedule } from '#shared/schedule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Fact } from '#dashboard/silence/list.tsx';
import { Until } from '#dashboard/silence/until.tsx';

import '#dashboard/silence/silence.css';
import './schedule.css';

/** `/schedules`: who is on call now, and until when. */
export function ScheduleListScreen() {
  const { call } = useApp();
  const [, navigate] = useLocation();
  const { title: refusal } = useScope('sentry.policy.write');
  const list = useResource('schedules', () => call('schedules.list', {}));
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>On-call schedules</h1>
        <div className="screen-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => navigate('/schedules/new')}
          >
            New schedule
          </button>
        </div>
      </div>
      <Loaded what="Schedules" resource={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nobody takes turns yet.">
              <p>
                A schedule says who is on call when. A step of an escalation policy that names it
                tells whoever that is by then. Make the first with its members and one layer.
              </p>
            </Empty>
          ) : (
            <ul className="cards">
              {items.map((schedule) => (
                <ScheduleCard key={schedule.schedule_id} schedule={schedule} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </main>
  );
}

function ScheduleCard({ schedule }: { schedule: Schedule }) {
  const { schedule_id, name, description, time_zone, members } = schedule;
  return (
    <li className="card" data-schedule-id={schedule_id}>
      <div className="card-main">
        <p className="card-title">
          <Link href={`/schedules/${schedule_id}`}>
            <bdi>{name}</bdi>
          </Link>
        </p>
        {description !== '' && (
          <p className="muted">
            <bdi>{description}</bdi>
          </p>
        )}
        <dl className="card-facts">
          <OnCallFacts schedule={schedule} />
          <Fact name="Members">{members.length}</Fact>
          <Fact name="Time zone">
            <bdi>{time_zone}</bdi>
          </Fact>
        </dl>
      </div>
    </li>
  );
}

/** Who is on call now, how they are told, and when that changes. */
export function OnCallFacts({ schedule }: { schedule: Schedule }) {
  const { call } = useApp();
  const { schedule_id, version } = schedule;
  const { value, error } = useResource(`on call ${schedule_id} ${version}`, () =>
    call('schedules.on-call', { schedule_id }),
  );
  return (
    <>
      <Fact name="On call now">
        {error && <span className="muted">not known: {error.message}</span>}
        {!error && !value && <span className="muted">…</span>}
        {value?.shift && (
          <strong>
            <bdi>{value.shift.user}</bdi>
          </strong>
        )}
        {value?.shift === null && <strong className="is-bad">nobody</strong>}
      </Fact>
      {value?.shift && (
        <>
          <Fact name="Next hand-over">
            <Until at={value.shift.to} />
          </Fact>
          <Fact name="Told by">
            <bdi>{value.targets.map(({ destination }) => destination).join(', ')}</bdi>
          </Fact>
        </>
      )}
    </>
  );
}
