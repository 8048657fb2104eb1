import { useState } from 'react';

import { ApiError, reasonOf } from '#dashboard/api/problem.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { type Draft, draftOf, saveChannel } from './save-channel.ts';
import { type Channel, type ChannelKind, KIND_WORDS, KINDS } from './words.ts';

interface Props {
  /** The one that is changed; absent: a new one is made. */
  channel?: Channel;
  /** What may take its place when it fails. */
  channels: readonly Channel[];
  onClose: () => void;
  onSaved: (channelId: string) => void;
}

/** A channel, new or changed. Its secret is no field: it stands in a parameter that only notifiers read. */
export function ChannelForm({ channel, channels, onClose, onSaved }: Props) {
  const { call } = useApp();
  const [draft, setDraft] = useState(() => draftOf(channel));
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const wrong = (path: string) =>
    error instanceof ApiError
      ? error.issues.find((issue) => issue.path === path)?.message
      : undefined;
  const hasIssues = error instanceof ApiError && error.issues.length > 0;
  const save = async () => {
    setIsBusy(true);
    try {
      await saveChannel(call, channel, draft);
      onClose();
      onSaved(draft.channel_id);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  const hasUrl = !channel?.shipped && (draft.channel === 'slack' || draft.channel === 'pagerduty');
  return (
    <Dialog
      title={channel ? `Edit ${channel.name}` : 'New channel'}
      onClose={onClose}
      actions={false}
    >
      <Form
        verb={channel ? 'Save' : 'Make channel'}
        isBusy={isBusy}
        error={error === undefined || hasIssues ? undefined : wordsOf(error)}
        onSubmit={save}
        onCancel={onClose}
      >
        <Field label="Kind" error={wrong('channel')}>
          {(control) => (
            <select
              {...control}
              value={draft.channel}
              disabled={channel !== undefined}
              onChange={({ target }) => change({ channel: target.value as ChannelKind })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_WORDS[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {!channel && (
          <Field
            label="Id"
            hint="Policies and schedules name it so. Letters, digits, _ . and -; it stays for good."
            error={wrong('channel_id')}
          >
            {(control) => (
              <input
                {...control}
                required
                maxLength={64}
                autoComplete="off"
                spellCheck={false}
                value={draft.channel_id}
                onChange={({ target }) => change({ channel_id: target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Name" error={wrong('name')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={120}
              autoComplete="off"
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <Field
          label="When it fails, tell"
          hint="Takes over a message that this channel gives up."
          error={wrong('secondary')}
        >
          {(control) => (
            <select
              {...control}
              value={draft.secondary}
              onChange={({ target }) => change({ secondary: target.value })}
            >
              <option value="">Nobody else</option>
              {channels
                .filter(({ channel_id }) => channel_id !== draft.channel_id)
                .map(({ channel_id, name }) => (
                  <option key={channel_id} value={channel_id}>
                    {name} ({channel_id})
                  </option>
                ))}
            </select>
          )}
        </Field>
        {hasUrl && (
          <Field
            label="Another address (optional)"
            hint={URL_HINTS[draft.channel]}
            error={wrong('url')}
          >
            {(control) => (
              <input
                {...control}
                type="url"
                inputMode="url"
                placeholder="https://"
                value={draft.url}
                onChange={({ target }) => change({ url: target.value })}
              />
            )}
          </Field>
        )}
        {draft.channel === 'slack' && (
          <Check
            label="Buttons that acknowledge and resolve"
            hint="Slack then calls this deployment; after saving, the channel’s page says with which address."
            error={wrong('interactive')}
            isOn={draft.interactive}
            onChange={(interactive) => change({ interactive })}
          />
        )}
        <Check
          label="Switched on"
          isOn={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
      </Form>
    </Dialog>
  );
}

const URL_HINTS: Readonly<Partial<Record<ChannelKind, string>>> = {
  slack: 'For a bot of another Web API, e.g. GovSlack. Not where a webhook’s address goes.',
  pagerduty: 'For another region, e.g. https://events.eu.pagerduty.com/v2/enqueue',
};

function wordsOf(error: unknown): string {
  const reason = reasonOf(error);
  if (error instanceof ApiError && error.code === 'precondition_failed')
    return `Somebody else saved this channel meanwhile. ${reason} Close this to see it.`;
  return reason;
}

function Check(props: {
  label: string;
  hint?: string;
  error?: string | undefined;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  const { label, hint, error, isOn, onChange } = props;
  return (
    <div className="form-field">
      <label className="form-check">
        <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />{' '}
        {label}
      </label>
      {hint !== undefined && <p className="form-hint">{hint}</p>}
      {error !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}
