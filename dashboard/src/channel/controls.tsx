import { useState } from 'react';
import { useLocation } from 'wouter';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { ChannelForm } from './form.tsx';
import { draftOf, saveChannel } from './save-channel.ts';
import { SendTest } from './send-test.tsx';
import type { Channel } from './words.ts';

interface Props {
  channel: Channel;
  channels: readonly Channel[];
  onChanged: () => void;
}

/** What can be done to a channel; a button that is off says why. */
export function ChannelControls({ channel, channels, onChanged }: Props) {
  const { call, asks, toasts } = useApp();
  const { title } = useScope('sentry.policy.write');
  const [, navigate] = useLocation();
  const [isEditing, setIsEditing] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const { channel_id, name, enabled, shipped, version } = channel;
  const run = async (what: string, change: () => Promise<unknown>) => {
    setIsBusy(true);
    setRefused(undefined);
    try {
      await change();
      toasts.say('done', `${name} ${what}.`);
      return true;
    } catch (error) {
      setRefused(`Not ${what}: ${reasonOf(error)}`);
      return false;
    } finally {
      setIsBusy(false);
      onChanged();
    }
  };
  const toggle = () =>
    run(enabled ? 'switched off' : 'switched on', () =>
      saveChannel(call, channel, { ...draftOf(channel), enabled: !enabled }),
    );
  const switchOver = () => {
    if (!enabled) {
      void toggle();
      return;
    }
    asks.ask({
      title: `Switch off ${name}?`,
      text: 'Nobody is told over it until it is switched on again.',
      verb: 'Switch off',
      isDanger: true,
      onConfirm: toggle,
    });
  };
  const remove = () =>
    asks.ask({
      title: shipped ? `Reset ${name}?` : `Remove ${name}?`,
      text: shipped
        ? 'It is again as it was shipped. What was changed stays in its history.'
        : 'Nobody is told over it any more. Its history stays.',
      verb: shipped ? 'Reset' : 'Remove',
      isDanger: true,
      onConfirm: async () => {
        const isDone = await run(shipped ? 'reset' : 'removed', () =>
          call('channels.delete', { channel_id, if_version: version }),
        );
        if (isDone && !shipped) navigate('/deliveries');
      },
    });
  const isUnchanged = shipped && version === 0;
  const button = { type: 'button', className: 'button', title } as const;
  const isOff = title !== undefined || isBusy;
  return (
    <div className="controls">
      <SendTest channel={channel} onDone={onChanged} />
      <button {...button} disabled={isOff} onClick={() => setIsEditing(true)}>
        Edit
      </button>
      <button {...button} disabled={isOff} onClick={switchOver}>
        {enabled ? 'Switch off' : 'Switch on'}
      </button>
      <button
        {...button}
        className="button button-danger"
        disabled={isOff || isUnchanged}
        title={
          title ?? (isUnchanged ? 'It is as it was shipped: switch it off instead' : undefined)
        }
        onClick={remove}
      >
        {shipped ? 'Reset' : 'Remove'}
      </button>
      {refused !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{refused}</bdi>
        </p>
      )}
      {isEditing && (
        <ChannelForm
          channel={channel}
          channels={channels}
          onClose={() => setIsEditing(false)}
          onSaved={() => {
            toasts.say('done', `${name} saved.`);
            onChanged();
          }}
        />
      )}
    </div>
  );
}
