import { useState } from 'react';

import type { Schedule } from '#shared/schedule/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { ConflictNote } from '#dashboard/shell/part/conflict.tsx';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { bodyOf } from './body.ts';
import { fromWallInput, wallInput } from './zone.ts';

interface Props {
  schedule: Schedule;
  onClose: () => void;
  onSaved: () => void;
}

const HOUR_MS = 3_600_000;

/** One person instead of whoever the layers say, from when to when. */
export function OverrideForm({ schedule, onClose, onSaved }: Props) {
  const { call, toasts } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const { time_zone, members, overrides, version } = schedule;
  const nextHour = Math.ceil(serverNow() / HOUR_MS) * HOUR_MS;
  const [user, setUser] = useState(members[0]?.user ?? '');
  const [from, setFrom] = useState(() => wallInput(nextHour, time_zone));
  const [to, setTo] = useState(() => wallInput(nextHour + 8 * HOUR_MS, time_zone));
  const [reason, setReason] = useState('');
  const save = useSave();
  const at = overrides.length;
  const isBackward = to <= from ? 'The end is after the start.' : undefined;
  const submit = async () => {
    if (isBackward !== undefined) return;
    const override = {
      override_id: crypto.randomUUID(),
      user,
      from: fromWallInput(from, time_zone),
      to: fromWallInput(to, time_zone),
      reason,
    };
    const isDone = await save.run(() =>
      call('schedules.replace', {
        ...bodyOf(schedule),
        overrides: [...overrides, override],
        if_version: version,
      }),
    );
    if (!isDone) return;
    toasts.say('done', `${user} stands in.`);
    onSaved();
  };
  return (
    <Dialog title="Add an override" onClose={onClose} actions={false}>
      {save.conflict && <ConflictNote conflict={save.conflict} onTakeTheirs={onSaved} />}
      <Form
        verb="Add"
        onSubmit={submit}
        onCancel={onClose}
        isBusy={save.isBusy}
        refusal={refusal}
        error={save.conflict ? undefined : save.error}
      >
        <Field label="Who" error={save.issueAt(`overrides.${at}.user`)}>
          {(control) => (
            <select {...control} value={user} onChange={({ target }) => setUser(target.value)}>
              {members.map((member) => (
                <option key={member.user}>{member.user}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="From" hint={`On the clock of ${time_zone}`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              required
              value={from}
              onChange={({ target }) => setFrom(target.value)}
            />
          )}
        </Field>
        <Field label="To" error={isBackward ?? save.issueAt(`overrides.${at}.to`)}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              required
              value={to}
              onChange={({ target }) => setTo(target.value)}
            />
          )}
        </Field>
        <Field label="Why (optional)">
          {(control) => (
            <input
              {...control}
              maxLength={256}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
