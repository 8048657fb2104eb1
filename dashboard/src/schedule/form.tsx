import { useState } from 'react';

import type { Schedule } from '#shared/schedule/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useDestinations } from '#dashboard/policy/use-destinations.ts';
import { useDone } from '#dashboard/policy/use-done.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { useLeaveGuard } from '#dashboard/shell/leave.ts';
import { ConflictNote } from '#dashboard/shell/part/conflict.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';
import { slugOf } from '#dashboard/silence/slug.ts';
import { ownZone, ZoneField } from '#dashboard/silence/zone-field.tsx';

import { bodyOf, type ScheduleBody } from './body.ts';
import { LayerFields } from './layer-fields.tsx';
import { MemberFields } from './member-fields.tsx';

interface Props {
  /** The one to change; absent: a new one. */
  schedule: Schedule | undefined;
  onSaved: (scheduleId: string) => void;
  onReload: () => void;
}

/** Members, and the layers in which they take turns. */
export function ScheduleForm({ schedule, onSaved, onReload }: Props) {
  const { call, toasts } = useApp();
  const { isAllowed, title: refusal } = useScope('sentry.policy.write');
  const [draft, setDraft] = useState(() => (schedule ? bodyOf(schedule) : blank()));
  const [isChanged, setChanged] = useState(false);
  const set = (part: Partial<ScheduleBody>) => {
    setDraft((held) => ({ ...held, ...part }));
    setChanged(true);
  };
  const destinations = useDestinations() ?? [];
  const save = useSave();
  const done = useDone(onSaved);
  useLeaveGuard(isChanged ? 'What you changed of this schedule is not saved.' : undefined);
  const people = draft.members.map(({ user }) => user).filter((user) => user !== '');
  const id = schedule ? draft.schedule_id : draft.schedule_id || slugOf(draft.name);

  const submit = async () => {
    const body = { ...draft, schedule_id: id };
    const isDone = await save.run(() =>
      schedule
        ? call('schedules.replace', { ...body, if_version: schedule.version })
        : call('schedules.create', body),
    );
    if (!isDone) return;
    setChanged(false);
    toasts.say('done', 'The schedule is saved.');
    done(id);
  };
  return (
    <>
      {save.conflict && <ConflictNote conflict={save.conflict} onTakeTheirs={onReload} />}
      <Form
        verb={schedule ? 'Save' : 'Make the schedule'}
        onSubmit={submit}
        isBusy={save.isBusy}
        refusal={refusal ?? missing(draft)}
        error={save.conflict ? undefined : save.error}
      >
        <fieldset className="bare" disabled={!isAllowed}>
          <div className="field-grid">
            <Field label="Name" error={save.issueAt('name')}>
              {(control) => (
                <input
                  {...control}
                  required
                  maxLength={128}
                  value={draft.name}
                  onChange={({ target }) => set({ name: target.value })}
                />
              )}
            </Field>
            {!schedule && (
              <Field label="Id" hint="a-z, 0-9 and -" error={save.issueAt('schedule_id')}>
                {(control) => (
                  <input
                    {...control}
                    required
                    pattern="[a-z0-9][a-z0-9\-]*"
                    maxLength={64}
                    value={id}
                    onChange={({ target }) => set({ schedule_id: target.value })}
                  />
                )}
              </Field>
            )}
            <ZoneField
              value={draft.time_zone}
              onChange={(time_zone) => set({ time_zone })}
              error={save.issueAt('time_zone')}
            />
          </div>
          <Field label="What for (optional)" error={save.issueAt('description')}>
            {(control) => (
              <input
                {...control}
                maxLength={1024}
                value={draft.description}
                onChange={({ target }) => set({ description: target.value })}
              />
            )}
          </Field>
        </fieldset>
        <MemberFields
          members={draft.members}
          onChange={(members) => set({ members })}
          destinations={destinations}
          isLocked={!isAllowed}
        />
        {draft.layers.map((layer, index) => (
          <LayerFields
            // Layers have no id; a later one wins over an earlier one.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            layer={layer}
            number={index + 1}
            people={people}
            isLocked={!isAllowed}
            issueAt={save.issueAt}
            onChange={(next) =>
              set({ layers: draft.layers.map((one, at) => (at === index ? next : one)) })
            }
            onRemove={
              draft.layers.length > 1
                ? () => set({ layers: draft.layers.filter((_, at) => at !== index) })
                : undefined
            }
          />
        ))}
        <div className="form-actions">
          <button
            type="button"
            className="button button-small"
            disabled={!isAllowed || draft.layers.length >= 10}
            title={refusal}
            onClick={() =>
              set({ layers: [...draft.layers, newLayer(`Layer ${draft.layers.length + 1}`)] })
            }
          >
            Add a layer
          </button>
          <span className="form-hint">A later layer wins over an earlier one.</span>
        </div>
      </Form>
    </>
  );
}

function missing({ members, layers }: ScheduleBody): string | undefined {
  const unreached = members.find(({ targets }) => targets.length === 0);
  if (unreached) return `${unreached.user || 'A member'} is told by no channel yet`;
  const empty = layers.find(({ users }) => users.length === 0);
  return empty && `Nobody takes turns in ${empty.name || 'a layer'} yet`;
}

function newLayer(name: string): ScheduleBody['layers'][number] {
  const today = new Date(serverNow()).toISOString().slice(0, 10);
  return {
    name,
    users: [],
    starts_on: today,
    hand_over_at: '09:00',
    rotation: { unit: 'weeks', length: 1 },
  };
}

function blank(): ScheduleBody {
  return {
    schedule_id: '',
    name: '',
    description: '',
    time_zone: ownZone(),
    members: [{ user: '', targets: [] }],
    layers: [newLayer('Everybody in turn')],
    overrides: [],
  };
}
