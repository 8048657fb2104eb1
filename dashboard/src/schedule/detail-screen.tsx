import { useState } from 'react';
import { useLocation } from 'wouter';

import type { Schedule } from '#shared/schedule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Tabs } from '#dashboard/shell/part/tabs.tsx';

import { CalendarPanel, useZone } from './calendar-panel.tsx';
import { ScheduleControls } from './controls.tsx';
import { ScheduleForm } from './form.tsx';
import { GapList } from './gap-list.tsx';
import { OnCallFacts } from './list-screen.tsx';
import { OverrideForm } from './override-form.tsx';
import { OverrideList } from './override-list.tsx';

import '#dashboard/policy/policy.css';
import '#dashboard/silence/silence.css';
import './schedule.css';

const BACK = { href: '/schedules', name: 'All schedules' };

/** `/schedules/:id`: who is on call when, and the layers that say so; `/schedules/new` makes one. */
export function ScheduleDetailScreen({ id }: { id: string }) {
  const { call } = useApp();
  const [, navigate] = useLocation();
  const isNew = id === 'new';
  const schedule = useResource(`schedule ${id}`, async () =>
    isNew ? undefined : call('schedules.get', { schedule_id: id }),
  );
  if (isNew)
    return (
      <Detail back={BACK} title="New schedule">
        <section className="panel" aria-label="The schedule">
          <ScheduleForm
            schedule={undefined}
            onSaved={(made) => navigate(`/schedules/${made}`)}
            onReload={schedule.reload}
          />
        </section>
      </Detail>
    );
  const found = schedule.value;
  if (found && found.removed !== true)
    return <Found schedule={found} onChanged={schedule.reload} />;
  return (
    <DetailFrame back={BACK}>
      <h1 className="hidden">On-call schedule</h1>
      {found || schedule.error?.code === 'not_found' ? (
        <Empty title="There is no such schedule.">
          <p>It may have been removed, or belong to another tenant.</p>
        </Empty>
      ) : (
        <Loaded what="The schedule" resource={schedule}>
          {() => null}
        </Loaded>
      )}
    </DetailFrame>
  );
}

function Found({ schedule, onChanged }: { schedule: Schedule; onChanged: () => void }) {
  const { call } = useApp();
  const { schedule_id, version, name, time_zone } = schedule;
  const [isOverriding, setOverriding] = useState(false);
  const gaps = useResource(`gaps ${schedule_id} ${version}`, () =>
    call('schedules.gaps', { schedule_id, days: 60 }),
  );
  const zone = useZone(time_zone);
  const close = () => setOverriding(false);
  return (
    <Detail
      back={BACK}
      title={name}
      badges={
        <span className="muted">
          version {version} · <bdi>{time_zone}</bdi>
        </span>
      }
      actions={<ScheduleControls schedule={schedule} onOverride={() => setOverriding(true)} />}
      side={
        <>
          <section className="panel" aria-label="Now">
            <dl className="card-facts">
              <OnCallFacts schedule={schedule} />
            </dl>
          </section>
          <Loaded what="Gaps" resource={gaps}>
            {({ items }) => <GapList gaps={items} zone={zone.zone} />}
          </Loaded>
          <OverrideList
            schedule={schedule}
            zone={zone.zone}
            onAdd={() => setOverriding(true)}
            onChanged={onChanged}
          />
        </>
      }
    >
      <Tabs
        label="The schedule"
        tabs={[
          {
            word: 'calendar',
            name: 'Calendar',
            content: () => (
              <CalendarPanel schedule={schedule} gaps={gaps.value?.items ?? []} zone={zone} />
            ),
          },
          {
            word: 'edit',
            name: 'Layers and members',
            content: () => (
              <section className="panel" aria-label="Layers and members">
                <ScheduleForm
                  key={version}
                  schedule={schedule}
                  onSaved={onChanged}
                  onReload={onChanged}
                />
              </section>
            ),
          },
        ]}
      />
      {isOverriding && (
        <OverrideForm
          schedule={schedule}
          onClose={close}
          onSaved={() => {
            close();
            onChanged();
          }}
        />
      )}
    </Detail>
  );
}
