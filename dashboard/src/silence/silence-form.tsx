import { useState } from 'react';

import type { Matcher } from '#shared/silence/schema.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';
import { useSettings } from '#dashboard/settings/settings.ts';
import { timeWords } from '#dashboard/shell/format.ts';

import { customFault, type Duration, DURATIONS, endAfter, localInput } from './duration.ts';
import { MatcherFields } from './matcher-fields.tsx';
import { faultOf, matchersLine } from './matcher-text.ts';
import { SilencePreview } from './preview.tsx';
import { useKnownValues } from './use-known-values.ts';
import { type Preview, usePreview } from './use-preview.ts';

interface Props {
  /** Filled in by whoever led here. */
  matchers: readonly Matcher[] | undefined;
  onClose: () => void;
  onSaved: () => void;
}

const BLANK: readonly Matcher[] = [{ field: 'service', op: '=', value: '' }];

/** A new silence, with what it would mute while it is written. */
export function SilenceForm({ matchers: given, onClose, onSaved }: Props) {
  const { call, asks, toasts } = useApp();
  const { clock } = useSettings();
  const { title: refusal } = useScope('sentry.policy.write');
  const [matchers, setMatchers] = useState(given ?? BLANK);
  const [duration, setDuration] = useState<Duration>('1h');
  const [custom, setCustom] = useState(() => localInput(serverNow() + 86_400_000));
  const [comment, setComment] = useState('');
  const known = useKnownValues();
  const preview = usePreview(matchers);
  const save = useSave();
  const fault = faultOf(matchers);
  const wrongEnd = duration === 'custom' ? customFault(custom, serverNow()) : undefined;
  const ends = wrongEnd === undefined ? endAfter(duration, serverNow(), custom) : undefined;

  const create = async () => {
    const isDone = await save.run(() =>
      call('silences.create', {
        matchers: [...matchers],
        comment,
        ...(ends === undefined ? { until_resolved: true } : { ends_at: ends }),
      }),
    );
    if (!isDone) return;
    toasts.say('done', 'Silenced. Alerts go on being recorded and counted.');
    onSaved();
  };
  const submit = () => {
    if (fault !== undefined || wrongEnd !== undefined) return;
    const critical = preview.value?.past.critical.alerts ?? 0;
    asks.ask({
      title: critical > 0 ? 'Silence critical alerts too?' : 'Start this silence?',
      text: confirmation(matchers, ends && timeWords(ends, serverNow(), clock), preview.value),
      verb: 'Silence',
      isDanger: critical > 0,
      onConfirm: create,
    });
  };
  return (
    <Dialog title="New silence" isWide onClose={onClose} actions={false}>
      <Form
        verb="Silence …"
        onSubmit={submit}
        onCancel={onClose}
        isBusy={save.isBusy}
        refusal={refusal}
        error={save.error}
      >
        <MatcherFields
          legend="Alerts where"
          matchers={matchers}
          onChange={setMatchers}
          known={known}
          error={save.issueAt('matchers')}
        />
        <fieldset className="fields">
          <legend>For</legend>
          <div className="chips">
            {DURATIONS.map(({ word, name }) => (
              <button
                key={word}
                type="button"
                className="chip"
                aria-pressed={duration === word}
                onClick={() => setDuration(word)}
              >
                {name}
              </button>
            ))}
          </div>
          {duration === 'custom' && (
            <Field label="Until" error={wrongEnd}>
              {(control) => (
                <input
                  {...control}
                  type="datetime-local"
                  required
                  value={custom}
                  onChange={({ target }) => setCustom(target.value)}
                />
              )}
            </Field>
          )}
          <p className="form-hint">
            {ends === undefined && duration !== 'custom'
              ? 'Only what fires now, each alert until it is resolved, for 90 days at most.'
              : ends && `Ends ${timeWords(ends, serverNow(), clock)}.`}
          </p>
        </fieldset>
        <Field
          label="Comment"
          hint="Why; whoever wonders at night reads it"
          error={save.issueAt('comment')}
        >
          {(control) => (
            <input
              {...control}
              required
              maxLength={1024}
              value={comment}
              onChange={({ target }) => setComment(target.value)}
            />
          )}
        </Field>
        <SilencePreview preview={preview} fault={fault} />
      </Form>
    </Dialog>
  );
}

function confirmation(
  matchers: readonly Matcher[],
  ends: string | undefined,
  preview: Preview | undefined,
): string {
  const until = ends === undefined ? 'until each is resolved' : `until ${ends}`;
  const told = `Nobody is told of alerts where ${matchersLine(matchers)}, ${until}.`;
  if (!preview) return told;
  const { past, now } = preview;
  const critical = past.critical.alerts > 0 ? `, ${past.critical.alerts} of them CRITICAL` : '';
  return `${told} In the last 30 days that were ${past.alerts} alerts${critical}; ${now.alerts} are active now.`;
}
