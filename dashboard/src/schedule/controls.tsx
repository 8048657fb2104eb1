import { useLocation } from 'wouter';

import type { Schedule } from '#shared/schedule/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { saveFile } from '#dashboard/api/save-file.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { CopyButton } from '#dashboard/shell/copy-button.tsx';
import { useRemoval } from '#dashboard/silence/use-removal.ts';

interface Props {
  schedule: Schedule;
  onOverride: () => void;
}

/** What can be done to a schedule: an override, the calendar as a file, its removal. */
export function ScheduleControls({ schedule, onOverride }: Props) {
  const { call, config, toasts } = useApp();
  const [, navigate] = useLocation();
  const { title: refusal } = useScope('sentry.policy.write');
  const { schedule_id, version, name } = schedule;
  const remove = useRemoval(() => navigate('/schedules'));
  const calendar = `${config.api}/v1/schedules/${schedule_id}/calendar.ics`;
  const download = async () => {
    try {
      const text = await call('schedules.calendar', { schedule_id });
      saveFile(`${schedule_id}.ics`, 'text/calendar', text);
    } catch (error) {
      toasts.say('failed', `Not fetched: ${reasonOf(error)}`);
    }
  };
  const write = { type: 'button', disabled: refusal !== undefined, title: refusal } as const;
  return (
    <div className="controls">
      <button {...write} className="button button-primary" onClick={onOverride}>
        Override …
      </button>
      <button type="button" className="button" onClick={() => void download()}>
        Download iCalendar
      </button>
      <CopyButton text={calendar} label="Copy its address" />
      <button
        {...write}
        className="button"
        onClick={() =>
          remove({
            title: 'Remove this schedule?',
            text: `Steps of policies that tell “${name}” then reach nobody and go to the next step at once.`,
            write: () => call('schedules.delete', { schedule_id, if_version: version }),
          })
        }
      >
        Remove
      </button>
    </div>
  );
}
