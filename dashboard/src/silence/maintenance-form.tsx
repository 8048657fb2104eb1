import { useState } from 'react';

import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import type { Matcher } from '#shared/silence/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { ConflictNote } from '#dashboard/shell/part/conflict.tsx';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { localInput } from './duration.ts';
import { MatcherFields } from './matcher-fields.tsx';
import { faultOf } from './matcher-text.ts';
import { SilencePreview } from './preview.tsx';
import { ONCE, readRepeat, type Repeat, writeRepeat } from './recurrence.ts';
import { RepeatFields } from './repeat-fields.tsx';
import { newId } from './slug.ts';
import { useKnownValues } from './use-known-values.ts';
import { usePreview } from './use-preview.ts';
import { ownZone, ZoneField } from './zone-field.tsx';

interface Props {
  /** The one to change; absent: a new one. */
  window: MaintenanceWindow | undefined;
  onClose: () => void;
  onSaved: () => void;
}

interface Draft {
  comment: string;
  matchers: readonly Matcher[];
  time_zone: string;
  starts_at: string;
  hours: string;
  repeat: Repeat;
}

/** Planned work: when, how long, how often, and which alerts it is about. */
export function MaintenanceForm({ window, onClose, onSaved }: Props) {
  const { call, toasts } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const [draft, setDraft] = useState(() => draftOf(window));
  const set = (part: Partial<Draft>) => setDraft((held) => ({ ...held, ...part }));
  const known = useKnownValues();
  const preview = usePreview(draft.matchers);
  const save = useSave();
  const fault = faultOf(draft.matchers);

  const submit = async () => {
    if (fault !== undefined) return;
    const rrule = writeRepeat(draft.repeat);
    const body = {
      maintenance_id: window?.maintenance_id ?? newId(draft.comment),
      comment: draft.comment,
      matchers: [...draft.matchers],
      time_zone: draft.time_zone,
      starts_at: draft.starts_at,
      duration_minutes: Math.round(Number(draft.hours) * 60),
      ...(rrule !== undefined && { rrule }),
    };
    const isDone = await save.run(() =>
      window
        ? call('maintenance.replace', { ...body, if_version: window.version })
        : call('maintenance.create', body),
    );
    if (!isDone) return;
    toasts.say('done', 'The maintenance window is saved.');
    onSaved();
  };
  return (
    <Dialog
      title={window ? 'Change a maintenance window' : 'New maintenance window'}
      isWide
      onClose={onClose}
      actions={false}
    >
      {save.conflict && <ConflictNote conflict={save.conflict} onTakeTheirs={onSaved} />}
      <Form
        verb="Save"
        onSubmit={submit}
        onCancel={onClose}
        isBusy={save.isBusy}
        refusal={refusal}
        error={save.conflict ? undefined : save.error}
      >
        <Field label="What is done" error={save.issueAt('comment')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={1024}
              value={draft.comment}
              onChange={({ target }) => set({ comment: target.value })}
            />
          )}
        </Field>
        <div className="field-grid">
          <Field label="First window begins" error={save.issueAt('starts_at')}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                required
                value={draft.starts_at}
                onChange={({ target }) => set({ starts_at: target.value.slice(0, 16) })}
              />
            )}
          </Field>
          <Field label="Lasts, hours" error={save.issueAt('duration_minutes')}>
            {(control) => (
              <input
                {...control}
                type="number"
                required
                min={0.25}
                max={168}
                step={0.25}
                value={draft.hours}
                onChange={({ target }) => set({ hours: target.value })}
              />
            )}
          </Field>
          <ZoneField
            value={draft.time_zone}
            onChange={(time_zone) => set({ time_zone })}
            error={save.issueAt('time_zone')}
          />
        </div>
        <RepeatFields repeat={draft.repeat} onChange={(repeat) => set({ repeat })} />
        <MatcherFields
          legend="Alerts where"
          matchers={draft.matchers}
          onChange={(matchers) => set({ matchers })}
          known={known}
          error={save.issueAt('matchers')}
        />
        <SilencePreview preview={preview} fault={fault} />
      </Form>
    </Dialog>
  );
}

function draftOf(window: MaintenanceWindow | undefined): Draft {
  if (!window)
    return {
      comment: '',
      matchers: [{ field: 'service', op: '=', value: '' }],
      time_zone: ownZone(),
      starts_at: localInput(serverNow() + 3_600_000),
      hours: '2',
      repeat: ONCE,
    };
  const { comment, matchers, time_zone, starts_at, duration_minutes, rrule } = window;
  const hours = String(duration_minutes / 60);
  return { comment, matchers, time_zone, starts_at, hours, repeat: readRepeat(rrule) };
}
